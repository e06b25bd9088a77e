from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cadres.models import Cadre
from mentors.models import Mentor, MentorCategory, StaleMove, StillPaired, Strength
from pairings.states import State
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_user


@pytest.fixture
def person(cast, tree) -> Cadre:
    return make_cadre(unit=tree.dipu, name="单老师", birth_month="1968-04")


@pytest.fixture
def terms() -> dict:
    return {
        "category": MentorCategory.objects.first().pk,
        "capacity": 3,
        "from_on": "2026-03-01",
        "client_key": str(uuid.uuid4()),
    }


def verbs(mentor: Mentor) -> list[tuple]:
    return list(mentor.events.values_list("verb", "actor__username", "reason"))


def test_a_cadre_is_appointed_and_the_page_tells_by_whom(cast, tree, person, terms, signed_in):
    client = signed_in(cast.county)
    response = client.post("/mentors/new/", {"cadre": person.pk, **terms})
    mentor = Mentor.objects.get(cadre=person)
    assert (response.status_code, response.url) == (302, f"/mentors/{mentor.pk}/")
    assert (mentor.unit, mentor.capacity, mentor.from_on) == (tree.dipu, 3, dt.date(2026, 3, 1))
    assert verbs(mentor) == [("propose", "anji", ""), ("appoint", "anji", "")]
    page = client.get(response.url).text
    assert "聘为导师" in page
    assert "在册，未登记聘期期满日期。" in page
    assert "安吉组织部" in page


def test_a_proposal_waits_and_has_no_first_day(cast, person, terms, signed_in):
    strength = Strength.objects.get(name="矛盾调解")
    sent = {"cadre": person.pk, **terms, "how": "propose", "from_on": "", "strengths": strength.pk}
    client = signed_in(cast.sibling)
    page = client.post("/mentors/new/", sent, follow=True).text
    mentor = Mentor.objects.get(cadre=person)
    assert (mentor.state, mentor.from_on) == ("proposed", None)
    assert list(mentor.strengths.all()) == [strength]
    assert verbs(mentor) == [("propose", "dipu", "")]
    assert "已列为拟聘，下一步聘任；需要公示的，先公示。" in page


def test_an_appointment_needs_a_first_day_and_a_term_that_ends_after_it(
    cast, person, terms, signed_in
):
    client = signed_in(cast.sibling)
    sent = {"cadre": person.pk, **terms, "from_on": ""}
    assert "请填写聘任起始日期" in client.post("/mentors/new/", sent).text
    sent |= {"from_on": "2026-03-01", "term_to_on": "2026-02-28"}
    response = client.post("/mentors/new/", sent)
    assert response.status_code == 422
    assert "最后一天早于开始日期" in response.text
    assert not Mentor.objects.filter(cadre=person).exists()


def test_nobody_appoints_themselves(cast, tree, terms, signed_in):
    own = make_cadre(unit=tree.dipu, name="递铺委员", user=cast.sibling)
    for how in ("appoint", "propose"):
        sent = {"cadre": own.pk, **terms, "how": how, "client_key": str(uuid.uuid4())}
        response = signed_in(cast.sibling).post("/mentors/new/", sent)
        assert response.status_code == 422
        assert "本人的聘任应由上级单位办理" in response.text
    mentor = make_mentor(cadre=own)
    assert signed_in(cast.sibling).post(f"/mentors/{mentor.pk}/edit/").status_code == 403
    assert signed_in(cast.sibling).post(f"/mentors/{mentor.pk}/move/end/").status_code == 403
    assert signed_in(cast.county).get(f"/mentors/{mentor.pk}/move/end/").status_code == 200


def test_a_form_sent_twice_appoints_once(cast, person, terms, signed_in):
    client = signed_in(cast.county)
    urls = [client.post("/mentors/new/", {"cadre": person.pk, **terms}).url for _ in range(2)]
    assert urls[0] == urls[1]
    assert Mentor.objects.filter(cadre=person).count() == 1


def test_nobody_is_appointed_twice_at_a_time(cast, person, terms, signed_in):
    make_mentor(cadre=person)
    response = signed_in(cast.county).post("/mentors/new/", {"cadre": person.pk, **terms})
    assert response.status_code == 422
    assert "此人已是导师" in response.text


def test_a_cadre_of_another_unit_cannot_be_appointed(cast, person, terms, signed_in):
    response = signed_in(cast.township).post("/mentors/new/", {"cadre": person.pk, **terms})
    assert response.status_code == 422
    assert "单老师" not in response.text
    assert not Mentor.objects.filter(cadre=person).exists()


def test_the_person_s_page_leads_to_a_form_that_knows_the_person(cast, person, signed_in):
    client = signed_in(cast.county)
    panel = client.get(f"/mentors/of/{person.pk}/").text
    assert f"/mentors/new/?cadre={person.pk}" in panel
    assert "单老师 · 递铺街道 · 1968.04" in client.get(f"/mentors/new/?cadre={person.pk}").text
    elsewhere = signed_in(cast.other_county).get(f"/mentors/new/?cadre={person.pk}")
    assert "单老师" not in elsewhere.text


def test_a_change_says_what_changed(cast, terms, signed_in):
    last = MentorCategory.objects.last()
    mentor = cast.mentor_row
    was = str(mentor.category)
    client = signed_in(cast.township)
    first, second = Strength.objects.all()[:2]
    data = {"category": last.pk, "capacity": 4, "strengths": [first.pk, second.pk]}
    codes = [client.post(f"/mentors/{mentor.pk}/edit/", data).status_code for _ in range(2)]
    assert codes == [302, 302]
    mentor.refresh_from_db()
    assert (mentor.category, mentor.capacity) == (last, 4)
    assert list(mentor.strengths.all()) == [first, second]
    said = f"{was} → {last}；名额 2 → 4；专长 — → 方言沟通、矛盾调解"
    assert verbs(mentor) == [("edit", "shangshu", said)]


def test_an_appointment_with_open_pairings_does_not_end(cast, signed_in):
    client = signed_in(cast.township)
    data = {"on": "2026-06-30", "reason": "退休"}
    response = client.post(f"/mentors/{cast.mentor_row.pk}/move/end/", data)
    assert response.status_code == 409
    assert "褚师傅还有 1 个未结束的结对" in response.text
    cast.mentor_row.refresh_from_db()
    assert cast.mentor_row.to_on is None
    with pytest.raises(StillPaired):
        cast.mentor_row.move("end", on=dt.date(2026, 6, 30), reason="退休", by=cast.township)


def test_an_appointment_ends_once_with_day_and_reason(cast, person, signed_in):
    mentor = make_mentor(cadre=person)
    make_pairing(
        mentor=mentor, mentee=make_cadre(unit=person.unit, name="徒丙"), state=State.COMPLETED
    )
    client = signed_in(cast.sibling)
    data = {"on": "2026-06-30", "reason": "退休"}
    codes = [client.post(f"/mentors/{mentor.pk}/move/end/", data).status_code for _ in range(2)]
    assert codes == [302, 409]
    mentor.refresh_from_db()
    assert (mentor.to_on, mentor.end_reason) == (dt.date(2026, 6, 30), "退休")
    assert verbs(mentor) == [("end", "dipu", "退休")]
    assert client.post(f"/mentors/{mentor.pk}/edit/", data).status_code == 409
    with pytest.raises(StaleMove):
        mentor.move("end", on=dt.date(2026, 7, 1), reason="再次", by=cast.sibling)


@pytest.mark.parametrize(
    ("on", "message"),
    [("2099-01-01", "日期不能晚于今天"), ("2019-12-31", "日期不能早于聘任起始日期")],
)
def test_an_impossible_last_day_is_refused(cast, person, signed_in, on, message):
    mentor = make_mentor(cadre=person)
    response = signed_in(cast.sibling).post(
        f"/mentors/{mentor.pk}/move/end/", {"on": on, "reason": "退休"}
    )
    assert response.status_code == 422
    assert message in response.text


def test_a_mentor_reads_the_own_appointment_and_changes_nothing(cast, signed_in):
    client = signed_in(cast.mentor)
    page = client.get(f"/mentors/{cast.mentor_row.pk}/")
    assert "共 2 名，已用 1 名，空余 1 名" in page.text
    assert "调整聘任" not in page.text
    codes = [
        client.post(f"/mentors/{cast.mentor_row.pk}/{v}/").status_code for v in ("edit", "move/end")
    ]
    assert codes == [403, 403]


def test_a_leader_of_one_unit_and_coordinator_of_another_changes_only_there(
    cast, tree, person, signed_in
):
    user = make_user(username="both", name="两处")
    make_grant(user=user, role="viewer", unit=tree.anji)
    make_grant(user=user, role="coordinator", unit=tree.dipu)
    client = signed_in(user)
    assert client.get(f"/mentors/{cast.mentor_row.pk}/").status_code == 200
    assert client.post(f"/mentors/{cast.mentor_row.pk}/edit/").status_code == 403
    assert client.get(f"/mentors/{make_mentor(cadre=person).pk}/edit/").status_code == 200


def test_the_panel_of_another_units_person_is_not_found(cast, person, signed_in):
    for user in (cast.township, cast.other_county, cast.stranger):
        assert signed_in(user).get(f"/mentors/of/{person.pk}/").status_code == 404
