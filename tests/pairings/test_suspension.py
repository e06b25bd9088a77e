"""A suspension with its day and its planned end; the ceremony; a substitute's last day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from pairings import standing
from pairings.models import Pairing, StaleMove
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date


def fresh(pairing):
    return Pairing.objects.for_detail().get(pk=pairing.pk)


def move(cast, verb):
    return reverse("pairings:move", args=[cast.pairing.pk, verb])


def in_days(number):
    return timezone.localdate() + dt.timedelta(days=number)


def test_a_pair_is_suspended_from_a_day_until_a_planned_one(cast, signed_in):
    sent = {
        "on": "2026-06-01", "reason": "借调", "document": "安组〔2026〕9号",
        "resumes_on": "2099-01-01",
    }  # fmt: skip
    assert signed_in(cast.township).post(move(cast, "suspend"), sent).status_code == 302
    pairing, event = fresh(cast.pairing), cast.pairing.events.get(verb="suspend")
    assert (pairing.state, pairing.resumes_on) == ("suspended", D(2099, 1, 1))
    assert (event.on, event.resumes_on, event.document) == (
        D(2026, 6, 1), D(2099, 1, 1), "安组〔2026〕9号",
    )  # fmt: skip
    pairing.move("extend", by=cast.county, reason="借调", to_on=D(2028, 1, 1))
    assert fresh(cast.pairing).resumes_on == D(2099, 1, 1)
    pairing.move("resume", by=cast.county)
    assert (fresh(cast.pairing).state, fresh(cast.pairing).resumes_on) == ("active", None)


def test_a_planned_day_lies_after_the_suspension(cast, signed_in):
    sent = {"on": "2026-06-01", "reason": "借调", "resumes_on": "2026-06-01"}
    response = signed_in(cast.township).post(move(cast, "suspend"), sent)
    assert response.status_code == 422
    assert response.context["form"].errors == {"resumes_on": ["计划恢复日期应晚于暂停日期。"]}
    with pytest.raises(ValueError, match="planned"):
        fresh(cast.pairing).move(
            "suspend", by=cast.county, reason="借调", on=D(2026, 6, 1), resumes_on=D(2026, 6, 1)
        )
    with pytest.raises(ValueError, match="planned"):
        fresh(cast.pairing).move("complete", by=cast.county, resumes_on=D(2099, 1, 1))
    assert Pairing.objects.get().state == "active"


def test_a_resumption_does_not_reach_behind_the_suspension(cast, signed_in):
    fresh(cast.pairing).move("suspend", by=cast.county, reason="借调", on=D(2026, 6, 1))
    response = signed_in(cast.county).post(move(cast, "resume"), {"on": "2026-05-31"})
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "on": ["上一次变动自2026年6月1日起生效，本次日期不能早于该日。"]
    }
    assert signed_in(cast.county).post(move(cast, "resume"), {"on": "2026-06-01"}).url
    with pytest.raises(ValueError, match="outside"):
        fresh(cast.pairing).move("suspend", by=cast.county, reason="借调", on=D(2026, 5, 31))


@pytest.mark.parametrize(
    ("resumes_on", "sentence"),
    [
        (None, "已暂停，自2026年11月21日起，已 2 天；由组织部门恢复或终止。"),
        (D(2026, 12, 1), "已暂停，自2026年11月21日起，已 2 天；计划于2026年12月1日恢复。"),
        (
            D(2026, 11, 23),
            "已暂停，自2026年11月21日起，已 2 天；"
            "计划于2026年11月23日恢复，现已到期，由组织部门恢复或终止。",
        ),
    ],
)
def test_the_sentence_names_the_planned_day(cast, resumes_on, sentence):
    Pairing.objects.update(state="suspended", resumes_on=resumes_on)
    pairing, today = fresh(cast.pairing), D(2026, 11, 23)
    since = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)
    found = standing.sentence(pairing, standing.policy_of(pairing), since, today)
    assert found == sentence


class TestTheCeremony:
    def test_is_entered_with_the_approval_or_later_and_shown(self, cast, signed_in):
        Pairing.objects.update(state="agreed")
        client = signed_in(cast.county)
        client.post(move(cast, "approve"), {"ceremony_on": "2026-03-08"})
        event = cast.pairing.events.get(verb="approve")
        assert (event.old_ceremony_on, event.new_ceremony_on) == (None, D(2026, 3, 8))
        client.post(move(cast, "ceremony"), {"ceremony_on": "2026-03-09"})
        event = cast.pairing.events.get(verb="ceremony")
        assert (event.old_ceremony_on, event.new_ceremony_on, event.on) == (
            D(2026, 3, 8), D(2026, 3, 9), timezone.localdate(),
        )  # fmt: skip
        assert Pairing.objects.get().ceremony_on == D(2026, 3, 9)
        page = signed_in(cast.mentee).get(reverse("pairings:detail", args=[cast.pairing.pk]))
        assert "2026年3月9日" in page.text

    def test_lies_sixty_days_ahead_at_most_and_a_year_before_the_pair(self, cast, signed_in):
        client = signed_in(cast.county)
        for day, message in [
            (in_days(61), "拜师仪式日期最多可提前 60 天登记。"),
            (D(2025, 2, 27), "该日期早于结对开始一年以上。"),
        ]:
            response = client.post(move(cast, "ceremony"), {"ceremony_on": str(day)})
            assert response.context["form"].errors == {"ceremony_on": [message]}
            with pytest.raises(ValueError, match="ceremony"):
                fresh(cast.pairing).move("ceremony", by=cast.county, ceremony_on=day)
        for day in (in_days(60), D(2025, 2, 28)):
            fresh(cast.pairing).move("ceremony", by=cast.county, ceremony_on=day)
        assert Pairing.objects.get().ceremony_on == D(2025, 2, 28)

    def test_is_no_matter_of_other_moves(self, cast):
        with pytest.raises(ValueError, match="ceremony"):
            fresh(cast.pairing).move("ceremony", by=cast.county)
        with pytest.raises(ValueError, match="ceremony"):
            fresh(cast.pairing).move("complete", by=cast.county, ceremony_on=D(2026, 3, 8))
        assert Pairing.objects.get().state == "active"


def test_a_termination_names_its_document(cast, signed_in):
    sent = {"on": "2026-06-01", "cause": "mentor_moved"}
    response = signed_in(cast.county).post(move(cast, "terminate"), sent)
    assert response.context["form"].errors == {"document": ["这个字段是必填项。"]}
    assert "无文号的填“无”。" in response.text
    with pytest.raises(ValueError, match="document"):
        fresh(cast.pairing).move("terminate", by=cast.county, reason="调离", document=" ")


class TestASubstitute:
    @pytest.fixture
    def substitute(self, cast, tree):
        mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="代师傅"))
        return make_pairing(
            mentor=mentor, mentee=cast.mentee_row, role="substitute", stands_in_for=cast.pairing,
            to_on=D(2026, 10, 31),
        )  # fmt: skip

    def test_ends_by_itself_on_the_day_after_its_last(self, substitute):
        event = fresh(substitute).lapse(D(2026, 11, 1))
        pairing = fresh(substitute)
        assert (pairing.state, pairing.ended_on) == ("lapsed", D(2026, 11, 1))
        assert (event.verb, event.actor, event.on) == ("lapse", None, D(2026, 11, 1))
        running = [
            Pairing.objects.running_on(day).filter(pk=pairing.pk).exists()
            for day in (D(2026, 10, 31), D(2026, 11, 1))
        ]
        assert running == [True, False]

    def test_that_nobody_confirmed_is_called_off(self, substitute):
        Pairing.objects.filter(pk=substitute.pk).update(state="proposed")
        fresh(substitute).lapse(D(2026, 11, 1))
        assert (fresh(substitute).state, fresh(substitute).ended_on) == (
            "withdrawn", D(2026, 11, 1),
        )  # fmt: skip

    def test_does_not_end_before_its_first_day_nor_ahead(self, substitute):
        with pytest.raises(ValueError, match="outside"):
            fresh(substitute).lapse(in_days(1))
        fresh(substitute).lapse(D(2026, 1, 1))
        assert fresh(substitute).ended_on == D(2026, 3, 1)

    def test_lapses_once(self, substitute):
        first, second = fresh(substitute), fresh(substitute)
        first.lapse(D(2026, 11, 1))
        with pytest.raises(StaleMove):
            second.lapse(D(2026, 11, 1))
        with pytest.raises(StaleMove):
            fresh(substitute).lapse(D(2026, 11, 1))
        assert fresh(substitute).events.filter(verb="lapse").count() == 1

    def test_that_was_extended_meanwhile_goes_on(self, cast, substitute):
        stale = fresh(substitute)
        fresh(substitute).move("extend", by=cast.county, reason="借调", to_on=D(2027, 1, 1))
        with pytest.raises(StaleMove):
            stale.lapse(D(2026, 11, 1))
        assert fresh(substitute).state == "active"

    def test_is_the_only_pair_that_lapses_and_nobody_presses_it(self, cast, signed_in):
        Pairing.objects.update(to_on=D(2026, 10, 31))
        with pytest.raises(StaleMove):
            fresh(cast.pairing).lapse(D(2026, 11, 1))
        assert signed_in(cast.county).post(move(cast, "lapse")).status_code == 403
        assert Pairing.objects.get().state == "active"


class TestWithoutAnApproval:
    @pytest.mark.parametrize(
        ("state", "verb", "who"),
        [
            ("mentor_agreed", "confirm_mentee", "mentee"),
            ("mentee_agreed", "confirm_mentor", "township"),
        ],
    )
    def test_the_last_confirmation_makes_the_pair_active(self, cast, state, verb, who):
        Pairing.objects.update(state=state, needs_approval=False)
        event = fresh(cast.pairing).move(verb, by=getattr(cast, who))
        assert Pairing.objects.get().state == "active"
        assert (event.verb, event.to_state, event.on) == (verb, "active", D(2026, 3, 1))
        assert not cast.pairing.events.filter(verb="approve").exists()

    def test_the_first_of_two_confirmations_does_not(self, cast):
        Pairing.objects.update(state="proposed", needs_approval=False)
        event = fresh(cast.pairing).move("confirm_mentor", by=cast.mentor)
        assert (event.to_state, event.on) == ("mentor_agreed", timezone.localdate())

    def test_a_pair_of_days_to_come_was_not_approved(self, cast):
        Pairing.objects.update(from_on=D(2026, 12, 1), needs_approval=False)
        pairing, today = fresh(cast.pairing), D(2026, 11, 23)
        found = standing.sentence(pairing, standing.policy_of(pairing), None, today)
        assert found == "已确认，2026年12月1日开始帮带。"
