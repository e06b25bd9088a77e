"""The list of mentees: who is paired, who is not yet, who is exempt, and the coverage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cadres.models import Exemption, Mentee, MenteeCategory
from pairings.coverage import Coverage
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing

D = dt.date
LIST = "/mentees/"
COVERAGE = "/mentees/coverage/"


def names(response) -> list[str]:
    return [entry.cadre.name for entry in response.context["page"].rows]


@pytest.fixture
def people(cast, tree):
    """Beside the cast's paired mentee in 上墅乡: four in 递铺街道, two off, one elsewhere."""

    def enter(name, *, unit=tree.dipu, **fields) -> Mentee:
        return make_mentee(cadre=make_cadre(unit=unit, name=name), **fields)

    def exempt(entry, **fields):
        Exemption.objects.create(mentee=entry, **fields)

    kinds = list(MenteeCategory.objects.all())
    enter("安未结", from_on=None, category=kinds[2])
    make_pairing(mentor=cast.mentor_row, mentee=enter("包待定").cadre, state="proposed")
    leave = enter("陈产假", from_on=D(2025, 9, 1))
    exempt(leave, from_on=D(2026, 5, 1), reason="产假")
    back = enter("戴复归")
    exempt(back, from_on=D(2026, 1, 1), to_on=D(2026, 6, 30), reason="借调")
    make_pairing(mentor=cast.mentor_row, mentee=back.cadre, state="suspended")
    enter("方出师", to_on=D(2026, 6, 30))
    enter("高离任").cadre.leave(on=D(2026, 6, 30), reason="调离")
    enter("德清徒", unit=tree.yuyue)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["安未结", "包待定", "陈产假", "戴复归", "马徒弟"]),
        ("state=due", ["安未结", "包待定", "戴复归", "马徒弟"]),
        ("state=paired", ["戴复归", "马徒弟"]),
        ("state=unpaired", ["安未结", "包待定"]),
        ("state=exempt", ["陈产假"]),
        ("state=former", ["方出师", "高离任"]),
        ("q=awj", ["安未结"]),
        ("q=上墅", ["马徒弟"]),
        ("q=德清", []),
        ("since_from=2025-10-01", ["包待定", "戴复归", "马徒弟"]),
        ("since_to=2025-12-31", ["陈产假"]),
        ("sort=since", ["陈产假", "包待定", "戴复归", "马徒弟", "安未结"]),
        ("sort=-since", ["安未结", "马徒弟", "戴复归", "包待定", "陈产假"]),
        ("sort=-name", ["马徒弟", "戴复归", "陈产假", "包待定", "安未结"]),
        ("sort=unit", ["马徒弟", "安未结", "包待定", "陈产假", "戴复归"]),
        ("state=x&category=none&unit=y&since_from=z&q=awj", ["安未结"]),
    ],
)  # fmt: skip
def test_filters_and_sorts(cast, people, signed_in, query, found):
    assert names(signed_in(cast.county).get(f"{LIST}?{query}")) == found


def test_the_category_and_the_unit_narrow_the_list(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    kind = MenteeCategory.objects.all()[2]
    assert names(client.get(f"{LIST}?category={kind.pk}&sort=category")) == ["安未结"]
    assert names(client.get(f"{LIST}?unit={tree.shangshu.pk}")) == ["马徒弟"]
    assert "德清徒" not in client.get(f"{LIST}?unit={tree.yuyue.pk}").text


def test_the_coverage_stands_above_and_each_figure_opens_its_list(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    response = client.get(COVERAGE)
    assert response.context["coverage"] == Coverage(due=4, paired=2, exempt=1)
    today = timezone.localdate()
    text = "".join(response.text.split())
    assert "应结对4人" in text
    assert "已结对2人" in text
    assert f"覆盖率50.0%（截至{today.year}年{today.month}月{today.day}日）" in text
    for state, number in (("due", 4), ("paired", 2), ("unpaired", 2), ("exempt", 1)):
        assert f'href="{LIST}?state={state}"' in response.text
        assert len(names(client.get(f"{LIST}?state={state}"))) == number
    # Of the chosen unit; other conditions do not change what the coverage is of.
    narrowed = client.get(f"{COVERAGE}?unit={tree.dipu.pk}&q=awj")
    assert narrowed.context["coverage"] == Coverage(due=3, paired=1, exempt=1)


def test_the_list_waits_for_no_coverage_and_loads_it_for_its_unit(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    page = client.get(f"{LIST}?unit={tree.dipu.pk}&after=x")
    assert "coverage" not in page.context
    for asks in ("href", "hx-get"):
        assert f'{asks}="{COVERAGE}?unit={tree.dipu.pk}"' in page.text
    part = client.get(COVERAGE, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<p class="mb-3">')
    assert "<html" in client.get(COVERAGE).text


@pytest.mark.parametrize(
    ("due", "paired", "said"),
    [(0, 0, None), (812, 790, "97.3"), (8, 1, "12.5"), (2000, 1999, "100.0"), (3, 0, "0.0")],
)
def test_the_percentage_is_rounded_half_up_and_of_nothing_there_is_none(due, paired, said):
    percent = Coverage(due, paired, exempt=0).percent
    assert percent == (said and Decimal(said))


def test_paired_people_who_are_not_on_the_register_are_told(cast, tree, people, signed_in):
    stray = make_cadre(unit=tree.dipu, name="漏登记")
    make_pairing(mentor=cast.mentor_row, mentee=stray)
    elsewhere = make_cadre(unit=tree.yuyue, name="德清漏登")
    make_pairing(mentor=make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清师")),
                 mentee=elsewhere)  # fmt: skip
    page = signed_in(cast.county).get(COVERAGE)
    assert page.context["unregistered"] == 1
    assert "/mentees/new/?who=paired" in page.text
    assert "unregistered" not in signed_in(cast.viewer).get(COVERAGE).context


def test_an_office_is_led_to_the_next_step_and_a_leader_only_reads(cast, people, signed_in):
    entries = {entry.cadre.name: entry for entry in Mentee.objects.select_related("cadre")}

    def links(name, page):
        entry = entries[name]
        steps = {
            "pair": f"/pairings/new/?mentee={entry.cadre_id}",
            "exempt": f"/mentees/{entry.pk}/move/exempt/",
            "include": f"/mentees/{entry.pk}/move/include/",
        }
        return [step for step, address in steps.items() if address in page]

    page = signed_in(cast.county).get(LIST).text
    assert {name: links(name, page) for name in ("安未结", "包待定", "陈产假", "马徒弟")} == {
        "安未结": ["pair", "exempt"], "包待定": [], "陈产假": ["include"], "马徒弟": [],
    }  # fmt: skip
    assert "褚师傅" in page
    read = signed_in(cast.viewer).get(LIST).text
    assert [links(name, read) for name in entries] == [[]] * len(entries)


def test_a_mentor_of_a_pair_elsewhere_is_not_named(cast, tree, signed_in):
    """The mentee came over from Deqing; the pair stayed there with its mentor."""
    moved = make_mentee(cadre=make_cadre(unit=tree.yuyue, name="调入的"))
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清师"))
    make_pairing(mentor=mentor, mentee=moved.cadre)
    moved.cadre.move_to(tree.dipu, on=timezone.localdate())
    page = signed_in(cast.county).get(f"{LIST}?state=paired")
    assert names(page) == ["调入的", "马徒弟"]
    assert "德清师" not in page.text
    assert names(signed_in(cast.other_county).get(LIST)) == []


@pytest.mark.parametrize("user", ["stranger", "mentor", "mentee", "sysadmin"])
def test_the_register_is_closed_to_those_without_an_office(cast, signed_in, user):
    client = signed_in(getattr(cast, user))
    assert [client.get(page).status_code for page in (LIST, COVERAGE)] == [403, 403]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清师"), capacity=9)
    for number in range(count):
        entry = make_mentee(cadre=make_cadre(unit=tree.yuyue, name=f"徒{number}"))
        make_pairing(mentor=mentor, mentee=entry.cadre)
        Exemption.objects.create(mentee=entry, from_on=D(2026, 1, 1), reason="借调")
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(connection) as queries:
        assert len(names(client.get(LIST))) == count
    assert len(queries) == 9, [query["sql"][:120] for query in queries]


def test_pages_go_on_where_they_ended(cast, tree, people, signed_in):
    client = signed_in(cast.county)
    for number in range(20):
        make_mentee(cadre=make_cadre(unit=tree.dipu, name=f"万{number:02d}"), from_on=None)
    for sort in ("name", "-name", "unit", "category", "since", "-since"):
        first = client.get(f"{LIST}?sort={sort}&size=20")
        cursor = first.context["page"].next
        second = client.get(f"{LIST}?sort={sort}&size=20&after={cursor}")
        found = names(first) + names(second)
        assert (len(found), len(set(found))) == (25, 25), sort
