from __future__ import annotations

import pytest

from core.problems import Refused
from pairings.states import Role
from programmes import listing
from programmes.listing import Couple
from programmes.models import ForbiddenPair, NotNow, Origin, PlannedPair, StaleMove
from programmes.states import LISTABLE, State
from tests.factories import make_cadre, make_mentor
from tests.programmes.lists import make_learner


def rows(programme):
    return {
        (row.mentor.cadre.name, row.mentee.name, row.role, row.origin)
        for row in programme.planned.select_related("mentor__cadre", "mentee")
    }


@pytest.fixture
def other(listed, tree):
    return make_mentor(cadre=make_cadre(unit=tree.shangshu, name="孙导师", birth_month="1968-09"))


def test_one_mentor_takes_several_mentees_in_one_go(listed, tree):
    qian = make_learner(unit=tree.shangshu, name="钱学员")
    couples = [Couple(listed.guide, listed.zhao), Couple(listed.guide, qian)]
    made = listing.add_all(listed.programme, couples, by=listed.county)
    assert [(row.is_fixed, row.created_by) for row in made] == [(True, listed.county)] * 2
    assert rows(listed.programme) == {
        ("王导师", "李学员", "lead", "assigned"),
        ("王导师", "赵学员", "lead", "assigned"),
        ("王导师", "钱学员", "lead", "assigned"),
    }


def test_one_mentee_has_several_mentors_by_role(listed, other):
    couples = [
        Couple(listed.guide, listed.zhao, Role.LEAD),
        Couple(other, listed.zhao, Role.LIFE),
    ]
    listing.add_all(listed.programme, couples, by=listed.county)
    assert rows(listed.programme) - {("王导师", "李学员", "lead", "assigned")} == {
        ("王导师", "赵学员", "lead", "assigned"),
        ("孙导师", "赵学员", "life", "assigned"),
    }


def test_all_or_none_are_put_on_the_list(listed, other):
    couples = [Couple(other, listed.zhao), Couple(other, listed.li)]
    with pytest.raises(Refused) as refusal:
        listing.add_all(listed.programme, couples, by=listed.county)
    assert [row.sentence for row in refusal.value.problems] == [
        "李学员在名单中已有主导师：王导师。"
    ]
    assert rows(listed.programme) == {("王导师", "李学员", "lead", "assigned")}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("oneself", "导师和帮带对象不能是同一人。"),
        ("outside", "外县学员不属于本批次的单位范围。"),
        ("forbidden", "王导师与赵学员在本批次中不得结对：近亲属。"),
    ],
)
def test_who_cannot_be_on_the_list(listed, tree, who, sentence):
    mentee = {
        "oneself": listed.guide.cadre,
        "outside": make_learner(unit=tree.yuyue, name="外县学员"),
        "forbidden": listed.zhao,
    }[who]
    ForbiddenPair.objects.create(
        programme=listed.programme, mentor=listed.guide, mentee=listed.zhao, reason="近亲属"
    )
    with pytest.raises(Refused) as refusal:
        listing.add(listed.programme, listed.guide, mentee, by=listed.county)
    assert [row.sentence for row in refusal.value.problems] == [sentence]
    assert PlannedPair.objects.count() == 1


def test_a_couple_that_is_there_is_given_back(listed):
    again = listing.add(listed.programme, listed.guide, listed.li, by=listed.county)
    assert (again.pk, PlannedPair.objects.count()) == (listed.row.pk, 1)


@pytest.mark.parametrize("state", sorted({*State} - {*LISTABLE}))
def test_a_closed_list_takes_nobody_and_loses_nobody(listed, state):
    type(listed.programme).objects.update(state=state)
    for verb in (
        lambda: listing.add(listed.programme, listed.guide, listed.zhao, by=listed.county),
        lambda: listing.remove(listed.row),
        lambda: listing.fix(listed.row, is_fixed=True),
        lambda: listing.waive(listed.row, reason="确有需要", by=listed.county),
        lambda: listing.change(listed.row, mentor=listed.guide, role=Role.LIFE, by=listed.county),
        lambda: listing.forbid(
            listed.programme, listed.guide, listed.li, reason="近亲属", by=listed.county
        ),
    ):
        with pytest.raises(NotNow):
            verb()
    row = PlannedPair.objects.get()
    assert (row.role, row.is_fixed, row.waiver) == (Role.LEAD, False, "")
    assert not ForbiddenPair.objects.exists()


def test_another_mentor_needs_another_waiver(listed, other):
    listing.waive(listed.row, reason="确有需要", by=listed.county)
    listed.row.refresh_from_db()
    assert (listed.row.waiver, listed.row.waived_by) == ("确有需要", listed.county)
    listing.change(listed.row, mentor=other, role=Role.LEAD, by=listed.county)
    listed.row.refresh_from_db()
    assert (listed.row.mentor, listed.row.waiver, listed.row.waived_by) == (other, "", None)
    assert (listed.row.origin, listed.row.is_fixed) == (Origin.ASSIGNED, True)


def test_another_role_keeps_the_waiver(listed):
    listing.waive(listed.row, reason="确有需要", by=listed.county)
    listing.change(listed.row, mentor=listed.guide, role=Role.WORK, by=listed.county)
    listed.row.refresh_from_db()
    assert (listed.row.role, listed.row.waiver) == (Role.WORK, "确有需要")


def test_a_row_that_somebody_changed_meanwhile_is_not_changed_over_it(listed, other):
    seen = PlannedPair.objects.select_related("programme").get()
    listing.change(listed.row, mentor=other, role=Role.LEAD, by=listed.county)
    for verb in (
        lambda: listing.change(seen, mentor=listed.guide, role=Role.LIFE, by=listed.county),
        lambda: listing.remove(seen),
        lambda: listing.waive(seen, reason="确有需要", by=listed.county),
    ):
        with pytest.raises(StaleMove):
            verb()
    assert rows(listed.programme) == {("孙导师", "李学员", "lead", "assigned")}


def test_a_couple_that_is_forbidden_leaves_the_list_and_may_come_back(listed):
    two = listing.forbid(
        listed.programme, listed.guide, listed.li, reason="近亲属", by=listed.county
    )
    assert not PlannedPair.objects.exists()
    with pytest.raises(Refused):
        listing.add(listed.programme, listed.guide, listed.li, by=listed.county)
    listing.allow(ForbiddenPair.objects.select_related("programme").get(pk=two.pk))
    listing.add(listed.programme, listed.guide, listed.li, by=listed.county)
    assert rows(listed.programme) == {("王导师", "李学员", "lead", "wish")}


def test_a_waiver_is_taken_back_with_its_author(listed):
    listing.waive(listed.row, reason="确有需要", by=listed.county)
    listing.waive(listed.row, reason="", by=listed.county)
    listed.row.refresh_from_db()
    assert (listed.row.waiver, listed.row.waived_by) == ("", None)
