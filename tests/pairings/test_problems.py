"""What speaks against a pair, one problem at a time; each names the people and the numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from mentors.models import MentorPolicy
from pairings import problems
from pairings.circumstances import Couple
from pairings.models import Policy
from pairings.superiors import leads
from tests.factories import (
    make_cadre,
    make_grant,
    make_mentee,
    make_mentor,
    make_pairing,
)

D = dt.date
FIRST = D(2026, 12, 1)


@pytest.fixture
def mentor(tree):
    return make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1975-01"))


@pytest.fixture
def mentee(tree):
    cadre = make_cadre(unit=tree.shangshu, name="王小村", birth_month="1999-01")
    make_mentee(cadre=cadre)
    return cadre


def found(mentor, mentee, by, **words):
    rows = problems.find(mentor, mentee, by=by, **{"from_on": FIRST} | words)
    return [(row.code, str(row.severity), row.sentence) for row in rows]


def another(tree, mentee, role="lead", name="陈师傅", **fields):
    cadre = make_cadre(unit=tree.dipu, name=name, birth_month="1970-01")
    return make_pairing(mentor=make_mentor(cadre=cadre), mentee=mentee, role=role, **fields)


def allow(tree, most, **fields):
    return Policy.objects.create(
        unit=tree.anji, from_on=D(2026, 1, 1), basis="县〔2026〕1号", most_mentors=most, **fields
    )


def test_two_whom_nothing_keeps_apart(cast, mentor, mentee):
    assert found(mentor, mentee, cast.township) == []


class TestALeadMentor:
    def test_is_one_at_a_time(self, cast, tree, mentor, mentee):
        another(tree, mentee, from_on=D(2026, 3, 1), to_on=D(2027, 2, 28))
        sentence = (
            "王小村此时已有主导师：陈师傅（2026年3月1日至2027年2月28日）。"
            "请在该结对中办理换师，或改选其他导师角色。"
        )
        assert found(mentor, mentee, cast.township) == [("another_lead", "blocker", sentence)]

    @pytest.mark.parametrize("state", ["proposed", "agreed", "suspended"])
    def test_counts_from_the_proposal_on(self, cast, tree, mentor, mentee, state):
        another(tree, mentee, state=state)
        assert [row[0] for row in found(mentor, mentee, cast.township)] == ["another_lead"]

    @pytest.mark.parametrize(
        ("state", "ended_on"),
        [
            ("declined", D(2026, 12, 20)),
            ("withdrawn", D(2026, 12, 20)),
            ("completed", FIRST),
            ("terminated", D(2026, 2, 1)),
        ],
    )
    def test_may_follow_one_that_was_called_off_or_has_ended(
        self, cast, tree, mentor, mentee, state, ended_on
    ):
        another(tree, mentee, state=state, ended_on=ended_on)
        assert found(mentor, mentee, cast.township) == []

    def test_may_not_reach_into_the_days_of_one_that_has_ended(self, cast, tree, mentor, mentee):
        another(tree, mentee, state="completed", ended_on=D(2026, 12, 2))
        assert [row[0] for row in found(mentor, mentee, cast.township)] == ["another_lead"]

    def test_takes_the_place_of_the_one_who_is_changed(self, cast, tree, mentor, mentee):
        old = another(tree, mentee)
        assert found(mentor, mentee, cast.township, instead_of=old) == []

    def test_of_another_office_is_not_named(self, cast, tree, mentor, mentee):
        another(tree, mentee, name="德清师傅").__class__.objects.update(unit=tree.yuyue)
        [(code, _severity, sentence)] = found(mentor, mentee, cast.township)
        assert code == "another_lead"
        assert "德清师傅" not in sentence
        assert "其他单位登记的导师" in sentence


class TestOtherRoles:
    def test_are_read_of_where_the_rule_allows_more(self, cast, tree, mentor, mentee):
        allow(tree, 2)
        another(tree, mentee)
        assert found(mentor, mentee, cast.township, role="life") == [
            ("another_mentor", "warning", "王小村已有其他导师：陈师傅。")
        ]

    def test_beyond_the_number_of_the_rule_are_waived(self, cast, tree, mentor, mentee):
        allow(tree, 2)
        another(tree, mentee)
        another(tree, mentee, role="political", name="吴师傅")
        assert found(mentor, mentee, cast.township, role="life") == [
            (
                "too_many_mentors",
                "waivable",
                "王小村已有导师陈师傅、吴师傅，规则规定同时最多 2 位（县〔2026〕1号）。",
            )
        ]

    def test_do_not_count_a_substitute(self, cast, tree, mentor, mentee):
        allow(tree, 2)
        lead = another(tree, mentee)
        another(tree, mentee, role="substitute", name="代师傅", stands_in_for=lead)
        codes = [row[0] for row in found(mentor, mentee, cast.township, role="life")]
        assert codes == ["another_mentor"]


class TestTheAppointment:
    def test_has_to_begin_before_the_pair(self, cast, mentor, mentee):
        assert found(mentor, mentee, cast.township, from_on=D(2019, 12, 31)) == [
            ("not_in_office", "blocker", "2019年12月31日不在宋师傅的导师聘期内。")
        ]

    def test_may_be_shorter_than_the_term(self, cast, mentor, mentee):
        mentor.term_to_on = D(2027, 6, 30)
        words = {"to_on": D(2027, 7, 1)}
        assert found(mentor, mentee, cast.township, **words) == [
            (
                "beyond_appointment",
                "warning",
                "宋师傅的导师聘期到2027年6月30日为止，结对期限超出聘期。",
            )
        ]
        assert found(mentor, mentee, cast.township, to_on=D(2027, 6, 30)) == []

    def test_of_somebody_who_has_left_is_none(self, cast, mentor, mentee):
        mentor.cadre.left_on = D(2026, 10, 1)
        assert [row[:2] for row in found(mentor, mentee, cast.township)] == [
            ("mentor_left", "blocker")
        ]

    def test_is_measured_by_its_own_rule(self, cast, tree, mentor, mentee):
        MentorPolicy.objects.create(
            unit=tree.anji, from_on=D(2026, 1, 1), basis="县〔2026〕2号", max_age=50
        )
        assert found(mentor, mentee, cast.township) == [
            (
                "too_old",
                "waivable",
                "宋师傅已满 51 周岁，规则要求不超过 50 周岁（依据：县〔2026〕2号）。",
            )
        ]


class TestPosts:
    def told(self, cast, tree, mentor_title, mentee_title, unit):
        master = make_cadre(unit=unit, name="宋师傅", birth_month="1975-01", title=mentor_title)
        pupil = make_cadre(unit=unit, name="王小村", birth_month="1999-01", title=mentee_title)
        make_mentee(cadre=pupil)
        return found(make_mentor(cadre=master), pupil, cast.township)

    def test_tell_of_a_direct_superior(self, cast, tree):
        assert self.told(cast, tree, "党委副书记", "干部", tree.shangshu) == [
            (
                "superior",
                "waivable",
                "宋师傅（党委副书记）与王小村同在上墅乡，可能是直接上级（示例规则，未核对原文）。",
            )
        ]

    def test_of_two_leaders_and_of_two_cadres_of_a_township_tell_nothing(self, cast, tree):
        assert self.told(cast, tree, "党委书记", "副乡长", tree.shangshu) == []
        assert self.told(cast, tree, "二级主任科员", "干部", tree.shangshu) == []

    def test_in_one_small_unit_are_a_warning(self, cast, tree):
        assert self.told(cast, tree, "干部", "干部", tree.liujiatang) == [
            ("same_unit", "warning", "宋师傅与王小村在同一单位：刘家塘村。")
        ]

    @pytest.mark.parametrize(
        ("title", "is_leading"),
        [
            ("党总支书记、村委会主任", True),
            ("派出所所长", True),
            ("三级主任科员", False),
            ("党政办主任、四级主任科员", True),
            ("干部", False),
            ("", False),
        ],
    )
    def test_lead_by_their_title(self, title, is_leading):
        assert leads(title) is is_leading


class TestTheTwo:
    def test_may_be_far_apart_in_years(self, cast, tree, mentor, mentee):
        mentor.cadre.birth_month = "1963-12"
        assert found(mentor, mentee, cast.township) == []
        mentor.cadre.birth_month = "1963-01"
        assert found(mentor, mentee, cast.township) == [
            ("age_gap", "warning", "宋师傅比王小村年长 36 岁，超过 35 岁。")
        ]
        allow(tree, 1, tables={"span": [5, 40]})
        assert found(mentor, mentee, cast.township) == []

    def test_may_be_far_apart_in_space(self, cast, tree, mentee):
        far = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="宋师傅", birth_month="1975-01"))
        assert found(far, mentee, cast.township) == [
            ("far_away", "warning", "宋师傅与王小村不在同一县（区），路途较远。")
        ]


def test_the_gravest_come_first(cast, tree, mentor, mentee):
    another(tree, mentee)
    mentor.capacity = 0
    mentor.cadre.birth_month = "2000-01"
    severities = [row[1] for row in found(mentor, mentee, cast.township)]
    assert severities == ["blocker", "waivable", "warning"]


def test_many_at_once_count_each_other_and_cost_the_same_queries(cast, tree, mentor):
    """Two places for three; two lead mentors for one."""
    people = []
    for number in range(3):
        cadre = make_cadre(unit=tree.shangshu, name=f"徒弟{number}", birth_month="1999-01")
        make_mentee(cadre=cadre)
        people.append(cadre)
    couples = [Couple(mentor, cadre, FIRST) for cadre in people]
    assert cast.township.live_grants  # read once a request
    with CaptureQueriesContext(connection) as one:
        problems.find_all(couples[:1], by=cast.township)
    with CaptureQueriesContext(connection) as three:
        told = problems.find_all(couples, by=cast.township)
    assert (len(one), len(three)) == (7, 7)
    sentence = "宋师傅的帮带名额为 2 人，已占用 0 人，本次又登记 3 人。"
    assert [[row.sentence for row in rows] for rows in told] == [[sentence]] * 3
    other = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅", birth_month="1975-01"))
    twice = [Couple(mentor, people[0], FIRST), Couple(other, people[0], FIRST)]
    codes = [[row.code for row in rows] for rows in problems.find_all(twice, by=cast.township)]
    assert codes == [["two_leads", "too_many_mentors"]] * 2


def test_who_only_reads_the_unit_is_told_so(cast, tree, mentor, mentee):
    make_grant(user=cast.sibling, role=Role.VIEWER, unit=tree.shangshu)
    assert [row[:2] for row in found(mentor, mentee, cast.sibling)] == [("not_governed", "blocker")]
