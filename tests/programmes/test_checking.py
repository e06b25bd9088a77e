from __future__ import annotations

import datetime as dt
import random

import pytest

from core.problems import Severity
from mentors.models import Mentor
from pairings import problems, registering
from pairings.models import Method, Pairing, Policy
from pairings.states import Role
from programmes import checking, listing
from programmes.models import ForbiddenPair, PlannedPair
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.programmes.lists import make_learner, make_planned


def codes(checked):
    return {
        (line.planned.mentor.cadre.name, line.planned.mentee.name): [
            problem.code for problem in line.problems
        ]
        for line in checked.lines
    }


def test_a_row_that_nothing_speaks_against(listed):
    checked = checking.check(listed.programme, by=listed.county)
    assert codes(checked) == {("王导师", "李学员"): []}
    assert (checked.open, checked.over, checked.mentors, checked.mentees) == ([], 0, 1, 1)


def test_the_rows_of_the_list_take_places_of_each_other(listed, tree):
    qian = make_learner(unit=tree.shangshu, name="钱学员")
    for mentee in (listed.zhao, qian):
        make_planned(programme=listed.programme, mentor=listed.guide, mentee=mentee)
    checked = checking.check(listed.programme, by=listed.county)
    assert {code for found in codes(checked).values() for code in found} == {"capacity_full"}
    assert (checked.over, len(checked.open)) == (1, 3)
    for line in checked.lines:
        listing.waive(line.planned, reason="确有需要", by=listed.county)
    assert checking.check(listed.programme, by=listed.county).open == []


def test_open_pairs_take_places_and_no_more_rows_are_over_than_there_are(listed, tree):
    for name in ("甲", "乙", "丙", "丁"):
        make_pairing(mentor=listed.guide, mentee=make_learner(unit=tree.dipu, name=name))
    checked = checking.check(listed.programme, by=listed.county)
    assert (checked.over, codes(checked)) == (1, {("王导师", "李学员"): ["capacity_full"]})


def test_forbidden_and_strayed_rows_are_not_possible(listed, tree):
    ForbiddenPair.objects.create(
        programme=listed.programme, mentor=listed.guide, mentee=listed.li, reason="近亲属"
    )
    listed.li.move_to(tree.yuyue)
    (line,) = checking.check(listed.programme, by=listed.county).lines
    assert {p.code: p.sentence for p in line.open} == {
        "not_governed": "禹越镇不在您的管理范围内，应由其上级组织部门登记。",
        "outside": "李学员不属于本批次的单位范围。",
        "forbidden": "王导师与李学员在本批次中不得结对：近亲属。",
    }


def test_a_waiver_passes_no_blocker(listed):
    Mentor.objects.filter(pk=listed.guide.pk).update(state="suspended")
    listing.waive(listed.row, reason="确有需要", by=listed.county)
    (line,) = checking.check(listed.programme, by=listed.county).lines
    assert [problem.severity for problem in line.open] == [Severity.BLOCKER]


def test_who_reads_the_list_is_not_told_that_the_units_are_not_theirs(listed):
    checked = checking.check(listed.programme, by=listed.viewer)
    assert codes(checked) == {("王导师", "李学员"): []}


def test_who_has_no_lead_mentor(listed, tree):
    def names():
        rows = checking.without_mentor(listed.programme)
        return sorted(rows.values_list("cadre__name", flat=True))

    make_learner(unit=tree.yuyue, name="外县学员")
    # 马徒弟 is paired already, 李学员 is on the list.
    assert names() == ["赵学员"]
    PlannedPair.objects.update(role=Role.LIFE)
    assert names() == ["李学员", "赵学员"]


@pytest.mark.parametrize("seed", range(6))
def test_the_list_says_what_a_registration_row_by_row_would_say(listed, tree, seed):
    """Its rows count each other: a row meets what it would meet with all others registered."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    Policy.objects.create(
        unit=tree.anji, from_on=dt.date(2020, 1, 1), basis="安组〔2020〕1号", most_mentors=2
    )
    units = (tree.shangshu, tree.dipu, tree.liujiatang)
    mentors = [listed.guide, listed.mentor_row] + [
        make_mentor(
            cadre=make_cadre(
                unit=chance.choice(units), name=f"师{n}", birth_month=chance.choice(MONTHS)
            ),
            capacity=chance.choice((1, 2, 4)),
            state=chance.choice(("in_office", "in_office", "suspended")),
        )
        for n in range(5)
    ]
    mentees = [listed.mentee_row] + [
        make_learner(unit=chance.choice(units), name=f"徒{n}", birth_month=chance.choice(MONTHS))
        for n in range(8)
    ]
    PlannedPair.objects.all().delete()
    for mentee in mentees:
        for mentor in chance.sample(mentors, chance.choice((1, 1, 2))):
            is_first = not PlannedPair.objects.filter(mentee=mentee).exists()
            role = Role.LEAD if is_first else Role.LIFE
            if mentor.cadre_id != mentee.pk:
                make_planned(programme=listed.programme, mentor=mentor, mentee=mentee, role=role)
    checked = checking.check(listed.programme, by=listed.county)
    compared = 0
    lines = {line.planned.pk: line for line in checked.lines}
    for planned in PlannedPair.objects.select_related("mentor__cadre", "mentor__unit", "mentee"):
        others = PlannedPair.objects.exclude(pk=planned.pk).select_related("mentor", "mentee")
        pairs = {row: _registered(row, listed) for row in others if _may_stand(row)}
        found = problems.find(
            planned.mentor,
            planned.mentee,
            by=listed.county,
            from_on=listed.programme.from_on,
            role=planned.role,
        )
        expected = {(p.code, p.severity) for p in found}
        # A row that cannot become a pair stands on the list all the same: it cannot be compared.
        two = (planned.mentor_id, planned.mentee_id)
        beside = [row for row in others if row.mentor_id in two or row.mentee_id in two]
        if all(row in pairs for row in beside):
            compared += 1
            assert {(p.code, p.severity) for p in lines[planned.pk].problems} == expected, seed
        for pair in pairs.values():
            pair.events.all().delete()
            pair.delete()
    assert compared > 5


MONTHS = ("1960-01", "1966-05", "1985-03", "1995-03", "2001-12")


def _may_stand(row):
    """Whether the database lets the pair be: no second lead, no pair twice."""
    pairs = Pairing.objects.open().filter(mentee=row.mentee)
    same = pairs.filter(mentor_cadre=row.mentor.cadre_id).exists()
    led = row.role == Role.LEAD and pairs.filter(role=Role.LEAD).exists()
    return not same and not led


def _registered(row, listed):
    return registering.register(
        row.mentor,
        row.mentee,
        by=listed.county,
        from_on=listed.programme.from_on,
        to_on=None,
        method=Method.ASSIGNED,
        role=row.role,
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_is_checked_in_a_fixed_number_of_queries(
    listed, tree, number, django_assert_num_queries
):
    for n in range(number - 1):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{n}"))
        mentee = make_learner(unit=tree.shangshu, name=f"徒{n}")
        make_planned(programme=listed.programme, mentor=mentor, mentee=mentee)
    listed.county.live_grants  # noqa: B018 - read once a request
    with django_assert_num_queries(10):
        checked = checking.check(listed.programme, by=listed.county)
        _all = [line.problems for line in checked.lines]
