"""Who was taught by whom: order, circles, several mentors, days, and what nobody else sees."""

from __future__ import annotations

import datetime as dt

import pytest

from mentors.models import Mentor
from pairings import lineage
from pairings.lineage import Tie, arrange
from pairings.states import BEGUN, Role, State
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
TODAY = D(2026, 11, 23)


def drawn(nodes, depth=0) -> list[str]:
    """Each person by name or key, a dot for each generation above; references after an arrow."""
    return [
        line
        for node in nodes
        for line in (
            "." * depth + (node.name or node.key),
            *("." * (depth + 1) + f"→{other.name or other.key}" for other in node.references),
            *drawn(node.children, depth + 1),
        )
    ]


def of_unit(unit, user, day=TODAY, **options):
    found = lineage.of_unit(unit, user, day, **options)
    lineage.give_names(found.rows, user)
    return found


def of_person(cadre, user, day=TODAY, **options):
    found = lineage.of_person(cadre, user, day, **options)
    lineage.give_names(found.rows, user)
    return found


def teach(mentor, mentee, year, state=State.ACTIVE, **fields):
    appointed = Mentor.objects.filter(cadre=mentor).first() or make_mentor(cadre=mentor)
    return make_pairing(
        mentor=appointed, mentee=mentee, from_on=D(year, 3, 1), to_on=D(year + 1, 2, 28),
        state=state, **fields,
    )  # fmt: skip


@pytest.fixture
def people(tree):
    """Three generations in 上墅乡: 甲 taught 乙 and 丙, 乙 taught 丁."""
    a, b, c, d = (make_cadre(unit=tree.shangshu, name=name) for name in "甲乙丙丁")
    teach(a, b, 2008, State.COMPLETED)
    teach(a, c, 2010, State.COMPLETED)
    teach(b, d, 2020)
    return a, b, c, d


def test_who_taught_first_stands_above_in_a_circle():
    ties = [
        Tie("b", "a", D(2015, 1, 1)),
        Tie("a", "b", D(2004, 1, 1)),
        Tie("b", "c", D(2016, 1, 1)),
    ]
    roots = arrange(ties)
    assert drawn(roots) == ["a", ".b", "..→a", "..c"]
    assert [node.generation for node in roots[0].line()] == [1, 2, 3]
    assert roots[0].others == [roots[0].children[0]]


def test_a_long_circle_ends_and_names_everybody_once():
    ties = [Tie(str(n), str((n + 1) % 50), D(2000 + n, 1, 1)) for n in range(50)]
    [root] = arrange(ties)
    assert [node.key for node in root.line()] == [str(n) for n in range(50)]
    assert root.generations == 50


def test_a_second_mentor_refers_and_a_second_pair_of_two_people_counts_once():
    ties = [
        Tie("m1", "x", D(2010, 1, 1)),
        Tie("m2", "x", D(2012, 1, 1)),
        Tie("m1", "x", D(2014, 1, 1)),
    ]
    assert drawn(arrange(ties)) == ["m1", ".x", "m2", ".→x"]


def test_a_person_stands_between_mentors_and_mentees(people, cast):
    a, b, _c, _d = people
    found = of_person(b, cast.township)
    # 丙 is neither above nor below 乙.
    assert drawn(found.roots) == ["甲", ".乙", "..丁"]
    assert [node.name for node in found.rows if node.is_focus] == ["乙"]
    assert (found.people, found.generations, found.became_mentors) == (3, 3, 1)
    assert drawn(of_person(a, cast.township).roots) == ["甲", ".乙", "..丁", ".丙"]


def test_what_lies_beyond_the_depth_is_said_and_not_shown(people, cast):
    a, _b, _c, d = people
    [root] = of_person(a, cast.township, depth=1).roots
    assert [(n.name, n.goes_down, n.goes_up) for n in root.line()] == [
        ("甲", False, False), ("乙", True, False), ("丙", False, False),
    ]  # fmt: skip
    [root] = of_person(d, cast.township, depth=1).roots
    assert [(n.name, n.goes_up) for n in root.line()] == [("乙", True), ("丁", False)]


def test_a_past_day_knows_only_what_had_begun(people, cast, tree):
    for day, expected in (
        (D(2008, 2, 29), []),
        (D(2008, 3, 1), ["甲", ".乙"]),
        (D(2019, 12, 31), ["甲", ".乙", ".丙"]),
        (D(2020, 3, 1), ["甲", ".乙", "..丁", ".丙"]),
    ):
        assert drawn(of_unit(tree.liujiatang.parent, cast.county, day).roots)[:4] == expected


@pytest.mark.parametrize("state", State)
def test_only_pairs_that_began_are_teaching(tree, cast, state):
    old, young = make_cadre(unit=tree.dipu, name="老"), make_cadre(unit=tree.dipu, name="少")
    teach(old, young, 2025, state)
    expected = ["老", ".少"] if state in BEGUN else []
    assert drawn(of_unit(tree.dipu, cast.county).roots) == expected


def test_people_who_taught_each_other_have_a_tree_each_way(cast, tree):
    a, b = make_cadre(unit=tree.dipu, name="甲"), make_cadre(unit=tree.dipu, name="乙")
    teach(a, b, 2010, State.COMPLETED)
    teach(b, a, 2020)
    for person in (a, b):
        found = of_person(person, cast.sibling, depth=12)
        assert drawn(found.roots) == ["甲", ".乙", "..→甲"]
    assert drawn(of_unit(tree.dipu, cast.sibling).roots) == ["甲", ".乙", "..→甲"]


def test_on_top_of_a_unit_stand_those_whom_nobody_taught_there(people, cast, tree):
    """甲 has a mentor in another township: on top in 上墅乡, below in the county."""
    guest = make_cadre(unit=tree.dipu, name="外师")
    elder = make_cadre(unit=tree.dipu, name="外祖师")
    teach(elder, guest, 2001, State.COMPLETED)
    young = make_cadre(unit=tree.shangshu, name="戊")
    teach(guest, young, 2022)
    here = of_unit(tree.shangshu, cast.county)
    assert [root.name for root in here.roots] == ["甲", "外师", "褚师傅"]
    county = of_unit(tree.anji, cast.county)
    assert [root.name for root in county.roots] == ["外祖师", "甲", "褚师傅"]
    assert county.roots[0].generations == 3


def test_somebody_elsewhere_has_no_name_unless_the_pair_is_in_sight(people, cast, tree):
    """乙 teaches in 递铺, and was taught there before: 上墅 sees that somebody is there."""
    _a, b, _c, _d = people
    outside = make_cadre(unit=tree.dipu, name="金丝雀甲")
    teach(b, outside, 2023)
    beyond = make_cadre(unit=tree.dipu, name="金丝雀乙")
    teach(outside, beyond, 2024)
    past = make_cadre(unit=tree.dipu, name="金丝雀丙")
    moved = make_cadre(unit=tree.dipu, name="己")
    teach(past, moved, 2015, State.COMPLETED)
    moved.move_to(tree.shangshu, on=D(2016, 1, 1))
    assert drawn(of_person(b, cast.township).roots) == [
        "甲", ".乙", "..丁", "..外单位帮带对象",
    ]  # fmt: skip
    assert drawn(of_person(moved, cast.township).roots) == ["外单位导师", ".己"]
    assert drawn(of_person(b, cast.county).roots) == [
        "甲", ".乙", "..丁", "..金丝雀甲", "...金丝雀乙",
    ]  # fmt: skip
    assert drawn(of_person(moved, cast.county).roots) == ["金丝雀丙", ".己"]


def test_a_mentor_from_elsewhere_is_named_by_the_pair_but_not_opened_nor_gone_beyond(cast, tree):
    guest = make_cadre(unit=tree.yuyue, name="外县导师")
    teach(make_cadre(unit=tree.yuyue, name="金丝雀"), guest, 2010)
    teach(guest, cast.mentee_row, 2024, role="work")
    found = of_person(cast.mentee_row, cast.township)
    assert drawn(found.roots) == ["外县导师", ".马徒弟", "褚师傅", ".→马徒弟"]
    assert {node.name: node.may_open for node in found.rows} == {
        "外县导师": False, "褚师傅": True, "马徒弟": True,
    }  # fmt: skip


def test_a_mentee_sees_the_own_pairs_alone(people, cast):
    a, b, _c, _d = people
    teach(b, cast.mentee_row, 2021, State.COMPLETED)
    found = of_person(cast.mentee_row, cast.mentee)
    assert drawn(found.roots) == ["乙", ".马徒弟", "褚师傅", ".→马徒弟"]
    assert of_person(a, cast.stranger).people == 1


def test_homonyms_of_a_tree_are_told_apart(cast, tree):
    twins = [make_cadre(unit=tree.dipu, name="王伟", birth_month=m) for m in ("1990-01", "1991-02")]
    for twin in twins:
        teach(make_cadre(unit=tree.dipu, name=f"师{twin.birth_month[:4]}"), twin, 2020)
    found = of_unit(tree.dipu, cast.county)
    assert {node.told for node in found.rows} == {
        "师1990", "师1991", "王伟（递铺街道 · 1990.01）", "王伟（递铺街道 · 1991.02）",
    }  # fmt: skip


def test_short_lineages_may_be_left_out_and_too_large_a_unit_asks_for_less(
    people, cast, tree, monkeypatch
):
    teach(make_cadre(unit=tree.shangshu, name="短师"), make_cadre(unit=tree.shangshu), 2020)
    assert [root.name for root in of_unit(tree.shangshu, cast.county, least=3).roots] == ["甲"]
    assert of_unit(tree.shangshu, cast.county, least=4).roots == []
    monkeypatch.setattr(lineage, "READ_MOST", 3)
    found = of_unit(tree.shangshu, cast.county)
    assert (found.roots, found.is_too_large) == ([], True)


def test_a_past_day_is_answered_the_same_then_and_now(people, cast, tree):
    """What has begun, ended or been called off since changes nothing about that day."""
    day = D(2021, 6, 1)
    then = drawn(of_unit(tree.shangshu, cast.county, day).roots)
    assert then == ["甲", ".乙", "..丁", ".丙"]
    _a, b, c, d = people
    d.pairings_as_mentee.update(state=State.TERMINATED, ended_on=D(2022, 5, 1))
    teach(b, make_cadre(unit=tree.shangshu, name="戊"), 2023)
    teach(c, make_cadre(unit=tree.shangshu, name="己"), 2021, State.WITHDRAWN)
    assert drawn(of_unit(tree.shangshu, cast.county, day).roots) == then
    assert "..戊" in drawn(of_unit(tree.shangshu, cast.county).roots)


def test_a_role_is_told_where_it_is_not_the_lead_and_a_substitute_founds_no_line(
    people, cast, tree
):
    a, b, c, d = people
    pair = teach(b, make_cadre(unit=tree.shangshu, name="戊"), 2022)
    teach(c, d, 2021, role=Role.POLITICAL)
    teach(a, pair.mentee, 2023, role=Role.SUBSTITUTE, stands_in_for=pair)
    teach(make_cadre(unit=tree.dipu, name="外代"), pair.mentee, 2023, role=Role.SUBSTITUTE,
          stands_in_for=pair)  # fmt: skip
    for found in (of_unit(tree.shangshu, cast.county), of_person(a, cast.township)):
        assert [line for line in drawn(found.roots) if "褚师傅" not in line][:6] == [
            "甲", ".乙", "..丁", "..戊", ".丙", "..→丁",
        ]  # fmt: skip
        told = {node.name: [(m.name, role) for m, role in node.taught_by] for node in found.rows}
        assert told["丁"] == [("乙", ""), ("丙", "政治导师")]
        assert told["戊"] == [("乙", "")]


def test_people_of_a_lineage_are_found_by_name_and_initials_where_they_stand(people, cast, tree):
    outside = make_cadre(unit=tree.dipu, name="丁丁")
    found = of_unit(tree.shangshu, cast.county)
    for words in ("丁", " d ", "ding"):
        assert [node.name for node in lineage.called(found, words)] == ["丁"], words
    assert lineage.called(found, outside.name) == []
    assert lineage.called(found, "\0") == found.rows  # nothing was asked


def test_as_many_queries_for_one_pair_as_for_three(people, cast, tree, django_assert_num_queries):
    a, _b, c, d = people
    teach(make_cadre(unit=tree.dipu), make_cadre(unit=tree.dipu), 2020)
    _ = cast.county.live_grants, getattr(cast.county, "cadre", None)
    for person in (a, d, c):
        with django_assert_num_queries(5):
            of_person(person, cast.county)
    for unit in (tree.shangshu, tree.dipu):
        with django_assert_num_queries(2):
            found = of_unit(unit, cast.county)
        with django_assert_num_queries(1):
            lineage.called(found, "丁")
