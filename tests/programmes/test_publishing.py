from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from mentors.models import Mentor
from pairings import registering
from pairings.models import Method, Pairing, PairingEvent, Policy
from pairings.states import Role
from programmes import listing, publishing
from programmes.models import NotNow, Origin, PlannedPair, Programme, ProgrammeEvent, StaleMove
from programmes.publishing import NotReady
from programmes.states import State
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.programmes.lists import make_learner, make_planned
from tests.programmes.made import make_wish

D = dt.date


def run(programme, *verbs, by, **fields):
    for verb in verbs:
        publishing.move(programme, verb, by=by, **fields)


def fresh(programme):
    return Programme.objects.select_related("unit", "policy").get(pk=programme.pk)


@pytest.fixture
def approved(listed):
    run(listed.programme, "check", "approve", by=listed.county, document="安组〔2026〕8号")
    return listed


def test_the_whole_way_to_pairs(approved):
    run(approved.programme, "publish", by=approved.county)
    pair = Pairing.objects.exclude(pk=approved.pairing.pk).get()
    approved.row.refresh_from_db()
    assert approved.row.pairing == pair
    assert (pair.mentor, pair.mentor_cadre, pair.mentee) == (
        approved.guide,
        approved.guide.cadre,
        approved.li,
    )
    assert (pair.from_on, pair.to_on, pair.role) == (D(2026, 12, 1), D(2027, 11, 30), "lead")
    assert (pair.state, pair.needs_approval, pair.method) == ("proposed", False, "assigned")
    (event,) = pair.events.all()
    assert (event.verb, event.to_state, event.actor) == ("register", "proposed", approved.county)
    assert (event.document, event.reason) == ("安组〔2026〕8号", "随批次“2026年度结对”公布。")
    verbs = ProgrammeEvent.objects.order_by("at").values_list("verb", "from_state", "to_state")
    assert list(verbs)[1:] == [
        ("check", "matching", "checked"),
        ("approve", "checked", "approved"),
        ("publish", "approved", "published"),
    ]


def test_the_rows_and_events_are_those_of_a_registration(approved, tree):
    """The bulk way and the single one may not drift apart."""
    run(approved.programme, "publish", by=approved.county)
    twin = make_learner(unit=tree.shangshu, name="李双生")
    registering.register(
        approved.guide,
        twin,
        by=approved.county,
        from_on=D(2026, 12, 1),
        to_on=D(2027, 11, 30),
        method=Method.ASSIGNED,
        needs_approval=False,
        reason="随批次“2026年度结对”公布。",
        document="安组〔2026〕8号",
    )
    own = {"id", "mentee_id", "created_at", "pairing_id", "at"}
    for model, at in ((Pairing, ""), (PairingEvent, "pairing__")):
        ours = model.objects.filter(**{f"{at}mentee": approved.li}).values().get()
        theirs = model.objects.filter(**{f"{at}mentee": twin}).values().get()
        names = set(ours) - own
        assert {name: ours[name] for name in names} == {name: theirs[name] for name in names}


@pytest.mark.parametrize(
    ("origin", "method"), [(Origin.WISH, Method.MUTUAL), (Origin.SUGGESTED, Method.BOTH)]
)
def test_a_mutual_wish_is_both_confirmations(listed, origin, method):
    PlannedPair.objects.update(origin=origin)
    Programme.objects.update(from_on=D(2026, 9, 1))
    programme = fresh(listed.programme)
    for side in ("mentor", "mentee"):
        make_wish(programme=programme, side=side, mentor=listed.guide, mentee=listed.li)
    run(programme, "check", "approve", "publish", by=listed.county)
    pair = Pairing.objects.get(mentee=listed.li)
    (event,) = pair.events.all()
    assert (pair.state, pair.method, event.to_state) == ("active", method, "active")
    # Active at once, it counts from its first day.
    assert event.on == D(2026, 9, 1)
    assert event.reason == "随批次“2026年度结对”公布。双方互填意向，视为双方已确认。"


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_the_wish_of_one_side_confirms_nothing(listed, side):
    PlannedPair.objects.update(origin=Origin.WISH)
    make_wish(programme=listed.programme, side=side, mentor=listed.guide, mentee=listed.li)
    run(listed.programme, "check", "approve", "publish", by=listed.county)
    pair = Pairing.objects.get(mentee=listed.li)
    assert (pair.state, pair.method) == ("proposed", Method.ASSIGNED)


def test_what_the_policy_asks_of_a_new_pair_holds_for_the_list_but_for_the_approval(listed, tree):
    Policy.objects.create(
        unit=tree.anji, from_on=D(2026, 1, 1), basis="安组〔2026〕1号", term_months=36,
        needs_mentor=False,
    )  # fmt: skip
    run(listed.programme, "check", by=listed.county)
    # A version of later says nothing to a list that was checked before.
    Policy.objects.create(unit=tree.anji, from_on=D(2026, 11, 30), basis="安组〔2026〕9号")
    programme = fresh(listed.programme)
    run(programme, "approve", "publish", by=listed.county)
    pair = Pairing.objects.get(mentee=listed.li)
    assert (pair.policy.basis, pair.to_on) == ("安组〔2026〕1号", D(2029, 11, 30))
    assert (pair.state, pair.needs_approval) == ("mentor_agreed", False)


def test_a_waiver_is_kept_with_who_gave_it(listed, tree):
    Mentor.objects.update(capacity=0)
    with pytest.raises(NotReady) as refusal:
        run(listed.programme, "check", by=listed.county)
    assert refusal.value.sentence == "名单中有 1 行尚未处理，未作任何更改。"
    listing.waive(listed.row, reason="经部务会研究", by=listed.township)
    run(listed.programme, "check", "approve", "publish", by=listed.county)
    event = PairingEvent.objects.get(pairing__mentee=listed.li)
    (line,) = refusal.value.rows
    assert (event.waived, event.waiver) == (line.problems[0].sentence, "经部务会研究")
    assert event.reason == "随批次“2026年度结对”公布。由上墅组织委员同意放行。"


def test_an_empty_list_is_not_checked(listed):
    PlannedPair.objects.all().delete()
    with pytest.raises(NotNow):
        run(listed.programme, "check", by=listed.county)
    assert fresh(listed.programme).state == State.MATCHING


def mentor_ended(cast):
    cast.guide.move("end", by=cast.county, reason="调离", on=timezone.localdate())


def mentee_left(cast):
    cast.li.leave(on=timezone.localdate(), reason="调离", by=cast.county)


def paired_elsewhere(cast):
    make_pairing(mentor=cast.mentor_row, mentee=cast.li)


@pytest.mark.parametrize("change", [mentor_ended, mentee_left, paired_elsewhere])
def test_what_changed_since_the_check_keeps_the_whole_list_back(approved, tree, change):
    sun = make_mentor(cadre=make_cadre(unit=tree.dipu, name="孙导师"))
    make_planned(programme=approved.programme, mentor=sun, mentee=approved.zhao)
    change(approved)
    there = {*Pairing.objects.values_list("pk", flat=True)}
    with pytest.raises(NotReady) as refusal:
        run(approved.programme, "publish", by=approved.county)
    assert [str(line.planned.mentee) for line in refusal.value.rows] == ["李学员"]
    assert {*Pairing.objects.values_list("pk", flat=True)} == there
    programme = fresh(approved.programme)
    assert (programme.state, approved.programme.state) == (State.APPROVED, State.APPROVED)
    assert not PlannedPair.objects.filter(pairing__isnull=False).exists()
    assert "publish" not in ProgrammeEvent.objects.values_list("verb", flat=True)
    # The way on: reopen, take the row off, check again.
    run(programme, "reopen", by=approved.county, reason="人员变动")
    listing.remove(PlannedPair.objects.select_related("programme").get(mentee=approved.li))
    run(programme, "check", "approve", "publish", by=approved.county)
    assert Pairing.objects.filter(mentee=approved.zhao).exists()


def test_whoever_does_not_govern_the_unit_moves_nothing(listed):
    for user in (listed.viewer, listed.township, listed.other_county, listed.mentor):
        with pytest.raises((StaleMove, NotNow)):
            run(listed.programme, "check", by=user)
    assert fresh(listed.programme).state == State.MATCHING


def test_several_roles_of_one_mentee_are_published_together(listed, tree):
    Policy.objects.create(
        unit=tree.anji, from_on=D(2026, 1, 1), basis="安组〔2026〕1号", most_mentors=2
    )
    sun = make_mentor(cadre=make_cadre(unit=tree.dipu, name="孙导师", birth_month="1972-01"))
    make_planned(programme=listed.programme, mentor=sun, mentee=listed.li, role=Role.LIFE)
    run(listed.programme, "check", "approve", "publish", by=listed.county)
    roles = Pairing.objects.filter(mentee=listed.li).values_list("mentor_cadre__name", "role")
    assert set(roles) == {("王导师", "lead"), ("孙导师", "life")}


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_is_published_in_a_fixed_number_of_queries(
    listed, tree, number, django_assert_num_queries
):
    for n in range(number - 1):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{n}"))
        mentee = make_learner(unit=tree.shangshu, name=f"徒{n}")
        make_planned(programme=listed.programme, mentor=mentor, mentee=mentee)
    run(listed.programme, "check", "approve", by=listed.county)
    listed.county.live_grants  # noqa: B018 - read once a request
    with django_assert_num_queries(23):
        run(listed.programme, "publish", by=listed.county)
    assert Pairing.objects.count() == 1 + number
