"""The matrix of states, verbs and roles, and what a move leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from mentors.models import Mentor, MentorEvent, StaleMove
from mentors.states import MOVES, State
from tests.factories import make_cadre, make_mentor

D = dt.date
ALLOWED = {
    "proposed": {"publish", "appoint", "withdraw"},
    "on_notice": {"appoint", "withdraw"},
    "in_office": {"renew", "suspend", "end"},
    "suspended": {"renew", "resume", "end"},
    "ended": set(),
}
LEADS_TO = {
    ("proposed", "publish"): "on_notice",
    ("proposed", "appoint"): "in_office",
    ("proposed", "withdraw"): "ended",
    ("on_notice", "appoint"): "in_office",
    ("on_notice", "withdraw"): "ended",
    ("in_office", "renew"): "in_office",
    ("in_office", "suspend"): "suspended",
    ("in_office", "end"): "ended",
    ("suspended", "renew"): "suspended",
    ("suspended", "resume"): "in_office",
    ("suspended", "end"): "ended",
}
DAYS = {
    "proposed": {},
    "on_notice": {"notice_from_on": D(2026, 2, 1), "notice_to_on": D(2026, 2, 7)},
    "in_office": {"from_on": D(2026, 3, 1), "term_to_on": D(2027, 2, 28)},
    "suspended": {"from_on": D(2026, 3, 1), "term_to_on": D(2027, 2, 28)},
    "ended": {"from_on": D(2026, 3, 1), "to_on": D(2026, 6, 30)},
}
SENT = {
    "publish": {"on": "2026-02-01", "notice_to_on": "2026-02-07"},
    "appoint": {"on": "2026-03-01", "term_to_on": "2029-02-28", "document": "安组〔2026〕3号"},
    "renew": {"term_to_on": "2030-02-28", "document": "安组〔2027〕1号"},
    "suspend": {"on": "2026-06-01", "reason": "借调"},
    "resume": {"on": "2026-07-01"},
    "withdraw": {"on": "2026-02-10", "reason": "公示有异议"},
    "end": {"on": "2026-08-31", "reason": "退休"},
}


@pytest.fixture
def mentor_in(cast, tree):
    def make(state: str, **fields) -> Mentor:
        cadre = make_cadre(unit=tree.shangshu, name="单老师", birth_month="1968-04")
        return make_mentor(cadre=cadre, state=state, **{**DAYS[state], **fields})

    return make


def column(mentor: Mentor, *names: str) -> tuple:
    return Mentor.objects.values_list(*names).get(pk=mentor.pk)


@pytest.mark.parametrize("state", State.values)
def test_which_verbs_are_open_to_whom(cast, mentor_in, state):
    mentor = mentor_in(state)
    office = {name: set(mentor.moves_for(getattr(cast, name))) for name in ("county", "township")}
    assert office == {"county": ALLOWED[state], "township": ALLOWED[state]}
    for name in ("viewer", "sibling", "other_county", "mentor", "mentee", "stranger", "sysadmin"):
        assert mentor.moves_for(getattr(cast, name)) == [], name


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", State.values)
def test_a_verb_leads_to_its_state_or_is_refused_with_nothing_changed(
    cast, mentor_in, signed_in, state, verb
):
    mentor = mentor_in(state)
    address = f"/mentors/{mentor.pk}/move/{verb}/"
    before = Mentor.objects.values().get(pk=mentor.pk)
    for user, code in (("viewer", 403), ("sibling", 404), ("stranger", 403)):
        assert signed_in(getattr(cast, user)).post(address, SENT[verb]).status_code == code
    assert Mentor.objects.values().get(pk=mentor.pk) == before
    client = signed_in(cast.township)
    opened = client.get(address)
    response = client.post(address, SENT[verb])
    found = column(mentor, "state")[0]
    if (state, verb) not in LEADS_TO:
        assert (opened.status_code, response.status_code) == (409, 409)
        assert Mentor.objects.values().get(pk=mentor.pk) == before
        assert not MentorEvent.objects.filter(mentor=mentor).exists()
        return
    assert (opened.status_code, response.status_code) == (200, 302)
    assert found == LEADS_TO[state, verb]
    event = MentorEvent.objects.get(mentor=mentor)
    on = SENT[verb].get("on") or str(timezone.localdate())
    assert (event.verb, event.from_state, event.to_state, str(event.on), event.actor) == (
        verb, state, found, on, cast.township,
    )  # fmt: skip
    assert event.reason == SENT[verb].get("reason", "")
    assert event.document == SENT[verb].get("document", "")


def test_an_unknown_verb_is_not_found(cast, mentor_in, signed_in):
    client = signed_in(cast.township)
    assert client.get(f"/mentors/{mentor_in('proposed').pk}/move/promote/").status_code == 404


def test_each_move_sets_its_days(cast, mentor_in, signed_in):
    mentor, client = mentor_in("proposed"), signed_in(cast.township)
    for verb in ("publish", "appoint", "suspend", "resume", "renew", "end"):
        client.post(f"/mentors/{mentor.pk}/move/{verb}/", SENT[verb])
    assert column(
        mentor, "state", "notice_from_on", "notice_to_on", "from_on", "term_to_on", "to_on",
        "end_reason",
    ) == (
        "ended", D(2026, 2, 1), D(2026, 2, 7), D(2026, 3, 1), D(2030, 2, 28), D(2026, 8, 31),
        "退休",
    )  # fmt: skip
    events = mentor.events.values_list("verb", "old_to_on", "new_to_on")
    assert list(events) == [
        ("publish", None, D(2026, 2, 7)),
        ("appoint", None, D(2029, 2, 28)),
        ("suspend", None, None),
        ("resume", None, None),
        ("renew", D(2029, 2, 28), D(2030, 2, 28)),
        ("end", None, None),
    ]
    page = client.get(f"/mentors/{mentor.pk}/").text
    words = ["公示截止日期", "聘为导师", "借调", "恢复在册", "2029年2月28日 →"]
    words.append("任职至2026年8月31日")
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize(
    ("state", "verb", "changed", "field", "message"),
    [
        ("proposed", "publish", {"notice_to_on": "2026-01-31"}, "notice_to_on", "早于开始日期"),
        ("proposed", "publish", {"notice_to_on": ""}, "notice_to_on", "必填项"),
        ("proposed", "appoint", {"on": "1960-01-01"}, "on", "早于此人的出生年份"),
        ("proposed", "appoint", {"term_to_on": "2026-02-28"}, "term_to_on", "早于开始日期"),
        ("in_office", "suspend", {"on": "2026-02-28"}, "on", "不能早于聘任起始日期"),
        ("in_office", "suspend", {"on": "2099-01-01"}, "on", "不能晚于今天"),
        ("in_office", "suspend", {"reason": " "}, "reason", "必填项"),
        ("in_office", "renew", {"term_to_on": "2027-02-28"}, "term_to_on", "应晚于现在的期满日期"),
        ("in_office", "renew", {"term_to_on": "2026-12-31"}, "term_to_on", "早于开始日期"),
        ("in_office", "end", {"on": "2026-02-28"}, "on", "不能早于聘任起始日期"),
        ("proposed", "withdraw", {"on": "2099-01-01"}, "on", "不能晚于今天"),
    ],
)
def test_days_that_cannot_be_are_said_beside_the_field(
    cast, mentor_in, signed_in, state, verb, changed, field, message
):
    mentor = mentor_in(state)
    sent = SENT[verb] | changed
    response = signed_in(cast.township).post(f"/mentors/{mentor.pk}/move/{verb}/", sent)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert message in errors[field][0]
    assert column(mentor, "state") == (state,)
    assert all(f'value="{value}"' in response.text for key, value in sent.items()
               if value.strip() and key != "reason")  # fmt: skip


def test_the_model_refuses_what_no_form_has_asked(cast, mentor_in):
    mentor = mentor_in("in_office")
    bad = [
        ("suspend", {"on": D(2026, 6, 1)}),
        ("suspend", {"on": D(2026, 1, 1), "reason": "借调"}),
        ("suspend", {"on": D(2099, 1, 1), "reason": "借调"}),
        ("suspend", {"reason": "借调", "term_to_on": D(2030, 1, 1)}),
        ("renew", {}),
        ("renew", {"term_to_on": D(2027, 2, 28)}),
    ]
    for verb, given in bad:
        with pytest.raises(ValueError, match=r"\w"):
            mentor.move(verb, by=cast.township, **given)
    with pytest.raises(StaleMove):
        mentor.move("appoint", by=cast.township, on=D(2026, 3, 1))
    assert not mentor.events.exists()


def test_an_appointment_called_off_before_its_first_day_never_stood(cast, mentor_in, signed_in):
    ahead = timezone.localdate() + dt.timedelta(days=10)
    mentor = mentor_in("in_office", from_on=ahead, term_to_on=None)
    sent = {"on": timezone.localdate(), "reason": "本人不同意"}
    response = signed_in(cast.township).post(f"/mentors/{mentor.pk}/move/end/", sent)
    assert response.status_code == 302
    assert column(mentor, "state", "from_on", "to_on") == ("ended", None, timezone.localdate())
    assert not Mentor.objects.filter(pk=mentor.pk).appointed(ahead).exists()


def test_who_presses_an_old_page_is_told_the_state(cast, mentor_in, signed_in):
    mentor = mentor_in("suspended")
    old = Mentor.objects.get(pk=mentor.pk)
    mentor.move("resume", by=cast.township)
    with pytest.raises(StaleMove):
        old.move("resume", by=cast.township)
    response = signed_in(cast.township).post(f"/mentors/{mentor.pk}/move/resume/", SENT["resume"])
    assert response.status_code == 409
    assert "当前状态：" in response.text
    assert [event.verb for event in mentor.events.all()] == ["resume"]


@pytest.mark.parametrize("state", State.values)
def test_only_who_is_in_office_is_offered_and_paired(cast, tree, mentor_in, signed_in, state):
    mentor = mentor_in(state)
    client = signed_in(cast.township)
    offered = client.get("/mentors/options/?q=单").json()["results"]
    assert [row["text"] for row in offered] == (["单老师"] if state == "in_office" else [])
    mentee = make_cadre(unit=tree.shangshu, name="徒丙")
    sent = {
        "mentor": mentor.pk, "mentee": mentee.pk, "from_on": "2026-09-01", "method": "assigned",
        "read": "not_entered,beyond_appointment",
    }  # fmt: skip
    response = client.post("/pairings/new/", sent)
    said = {
        "proposed": "单老师为拟聘导师，尚未聘任。",
        "on_notice": "单老师为拟聘导师，尚未聘任。",
        "suspended": "单老师已暂停担任导师，不安排新的结对。",
        "ended": "2026年9月1日不在单老师的导师聘期内。",
    }
    if state == "in_office":
        assert response.status_code == 302
    else:
        assert response.context["form"].errors == {"mentor": [said[state]]}
