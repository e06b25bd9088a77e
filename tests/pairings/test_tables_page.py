"""The tables of suggestions: a version of the rule that an office enters, and scoring keeps to."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cadres.models import MenteeCategory
from mentors.models import MentorCategory, Strength
from pairings.matching.suggesting import suggest
from pairings.matching.tables import FIT, LEADER, NEEDS, SECRETARY, VILLAGE, read
from pairings.models import Policy
from tests.factories import make_cadre, make_mentee, make_mentor

PAGE = "/pairings/policy/tables/"


def sent(**changes):
    """The example's numbers as a browser would send them, with other values where said so."""
    values = {"from_on": "2026-12-01", "basis": "安组〔2026〕12号", "least": "10", "most": "35"}
    for mentee in MenteeCategory.objects.filter(is_active=True):
        for mentor in MentorCategory.objects.filter(is_active=True):
            grade = FIT.get((mentor.name, mentee.name), 5)
            values[f"fit_{mentor.pk}_{mentee.pk}"] = str(grade)
        values[f"needs_{mentee.pk}"] = [*NEEDS.get(mentee.name, ())]
    return {**values, **changes}


def fields():
    mentor = MentorCategory.objects.get(name=LEADER)
    mentee = MenteeCategory.objects.get(name=VILLAGE)
    return f"fit_{mentor.pk}_{mentee.pk}", f"needs_{mentee.pk}"


def test_the_offices_tables_are_kept_as_a_version_with_all_else_of_the_rule(cast, tree, signed_in):
    Policy.objects.create(
        unit=tree.city, from_on=dt.date(2020, 1, 1), basis="湖组〔2020〕1号", term_months=36,
        capacity=4, weights={"distance": 9}, grades=["好", "一般"], needs_approval=False,
    )  # fmt: skip
    grade, needs = fields()
    values = sent(**{grade: "1", needs: ["村务管理", "矛盾调解"], "least": "15"})
    client = signed_in(cast.county)
    assert client.post(f"{PAGE}?unit={tree.anji.pk}", values).status_code == 302
    made = Policy.objects.get(unit=tree.anji)
    assert (made.from_on, made.basis, made.created_by) == (
        dt.date(2026, 12, 1), "安组〔2026〕12号", cast.county,
    )  # fmt: skip
    assert (made.term_months, made.capacity, made.weights, made.grades, made.needs_approval) == (
        36, 4, {"distance": 9}, ["好", "一般"], False,
    )  # fmt: skip
    found = read(made.tables)
    assert (found.fit[LEADER, VILLAGE], found.fit[SECRETARY, VILLAGE]) == (1, 10)
    assert (found.needs[VILLAGE], found.span) == (("村务管理", "矛盾调解"), (15, 35))
    assert Policy.objects.get(unit=tree.city).tables == {}
    page = client.get(PAGE)
    assert "安吉县自2026年12月1日起使用以下比对表：安组〔2026〕12号。" in page.text
    assert page.context["form"][grade].initial == 1


def test_scoring_keeps_to_the_tables_of_the_day(cast, tree, signed_in):
    learner = make_cadre(unit=tree.liujiatang, name="王学员", birth_month="1996-04")
    make_mentee(cadre=learner, category=MenteeCategory.objects.get(name=VILLAGE))
    row = make_mentor(
        cadre=make_cadre(unit=tree.dipu, name="带头人", birth_month="1980-01"),
        category=MentorCategory.objects.get(name=LEADER),
    )
    row.strengths.set(Strength.objects.filter(name="书法") or Strength.objects.all()[:1])

    def of(day):
        found = suggest(learner, user=cast.county, today=day)
        row = next(each for each in found.suggestions if each.mentor.cadre.name == "带头人")
        return {str(part.feature): (part.grade, words) for part, words in row.reasons}

    grade, needs = fields()
    good_at = row.strengths.get().name
    values = sent(**{grade: "1", needs: [good_at], "least": "20", "most": "30"})
    assert signed_in(cast.county).post(PAGE, values).status_code == 302
    before, after = of(dt.date(2026, 11, 30)), of(dt.date(2026, 12, 1))
    assert [before[name][0] for name in ("category", "strengths", "age_gap")] == [8, 0, 10]
    assert [after[name][0] for name in ("category", "strengths", "age_gap")] == [1, 10, 6]
    assert after["category"][1] == f"“{LEADER}”带“{VILLAGE}”：1（满 10）"
    assert after["strengths"][1] == f"专长{good_at}，符合 1 项需要中的 1 项"
    assert after["age_gap"][1] == "年龄相差 16 岁，不在 20—30 岁之间"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"least": "36"}, "most"), ({"most": "61"}, "most"), ({"basis": ""}, "basis"),
        ({"from_on": "2026-01-01"}, "from_on"), ({"grade": "11"}, "grade"),
        ({"grade": ""}, "grade"), ({"grade": "3.5"}, "grade"), ({"needs": ["无此专长"]}, "needs"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field(cast, tree, signed_in, changes, wrong):
    Policy.objects.create(unit=tree.anji, from_on=dt.date(2026, 1, 1), basis="旧")
    names = dict(zip(("grade", "needs"), fields(), strict=True))
    values = sent(**{names.get(name, name): value for name, value in changes.items()})
    response = signed_in(cast.county).post(PAGE, values)
    assert response.status_code == 422
    assert {*response.context["form"].errors} == {names.get(wrong, wrong)}
    assert Policy.objects.count() == 1


def test_a_form_sent_twice_makes_one_version(cast, signed_in):
    values = sent(client_key=str(uuid.uuid4()))
    client = signed_in(cast.county)
    for _ in range(2):
        client.post(PAGE, values)
    assert Policy.objects.count() == 1


def test_a_leader_reads_the_tables_and_nobody_else_finds_them(cast, tree, signed_in):
    page = signed_in(cast.viewer).get(PAGE)
    assert (page.status_code, page.context["form"]) == (200, None)
    assert "以下为示例：示例规则，未核对原文" in page.text
    assert "需要的专长：村务管理、基层党建、矛盾调解" in " ".join(page.text.split())
    assert signed_in(cast.viewer).post(PAGE, sent()).status_code == 403
    assert signed_in(cast.township).get(f"{PAGE}?unit={tree.anji.pk}").status_code == 404
    assert signed_in(cast.other_county).post(f"{PAGE}?unit={tree.anji.pk}").status_code == 404
    assert signed_in(cast.mentor).get(PAGE).status_code == 403
    assert Policy.objects.count() == 0


def test_a_version_that_begins_later_is_what_the_next_one_starts_from(cast, tree, signed_in):
    ahead = timezone.localdate() + dt.timedelta(days=400)
    tables = {"span": [1, 2]}
    Policy.objects.create(unit=tree.anji, from_on=ahead, basis="以后", tables=tables)
    form = signed_in(cast.county).get(PAGE).context["form"]
    assert (form["least"].initial, form["most"].initial) == (1, 2)
