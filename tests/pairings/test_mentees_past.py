"""The register of mentees as of a past day, beside a second count in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import io
from random import Random
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Export
from cadres.models import Exemption, Mentee
from pairings.coverage import Coverage
from pairings.models import Pairing
from pairings.states import OPEN, RUNNING
from tests.factories import make_cadre, make_mentee, make_mentor, make_pairing
from tests.pairings.histories import DAY, FIRST, any_day, enter, history, then
from tests.pairings.test_past import Dice, moved_about, where

D = dt.date
LIST, COVERAGE = "/mentees/", "/mentees/coverage/"
TODAYS_QUERIES = 9  # tests/pairings/test_mentee_list.py


class Stay(NamedTuple):
    """From a day to a day, both included; empty is open."""

    begins: dt.date | None
    ends: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return (self.begins is None or self.begins <= day) and (
            self.ends is None or self.ends >= day
        )


def stays(chance: Random) -> list[Stay]:
    """One after another, the last one perhaps open."""
    days = sorted({any_day(chance) for _ in range(chance.randrange(6))})
    pairs = zip(days[::2], [*days[1::2], None], strict=False)
    return [Stay(begins, ends) for begins, ends in pairs]


class Person(NamedTuple):
    """A mentee as a test remembers one."""

    name: str
    entries: list[Stay]
    exempt: list[Stay]
    left_on: dt.date | None
    posts: list
    lives: list

    def states(self, day: dt.date) -> list[str]:
        return [told.state for life in self.lives if (told := then(life, None, day))]

    def is_registered(self, day: dt.date) -> bool:
        return any(entry.holds(day) for entry in self.entries) and (
            self.left_on is None or self.left_on >= day
        )

    def is_exempt(self, day: dt.date) -> bool:
        return any(stay.holds(day) for stay in self.exempt)

    def is_paired(self, day: dt.date) -> bool:
        return any(state in RUNNING for state in self.states(day))

    def row(self, day: dt.date) -> tuple:
        opened = sorted(state for state in self.states(day) if state in OPEN)
        return where(self.posts, day), self.is_exempt(day), self.is_paired(day), opened


def person(chance: Random, number: int, cast, units) -> Person:
    cadre = make_cadre(unit=units[0], name=f"徒{number}")
    posts = moved_about(chance, cadre, units)
    entries, exempt = stays(chance), []
    for stay in entries:
        entry = make_mentee(cadre=cadre, from_on=stay.begins, to_on=stay.ends)
        if chance.random() < 0.5:
            begins = stay.begins + chance.randrange(20) * DAY
            last = begins + chance.randrange(60) * DAY
            exempt.append(Stay(begins, min(last, stay.ends or last)))
            if exempt[-1].ends < begins:
                exempt.pop()
                continue
            Exemption.objects.create(
                mentee=entry, from_on=begins, to_on=exempt[-1].ends, reason="借调"
            )
    lives = []
    for at in range(chance.randrange(3)):
        mentor = make_mentor(cadre=make_cadre(unit=units[0], name=f"师{number}{at}"))
        lives.append(history(chance, None))
        enter(Pairing(mentor=mentor, mentee=cadre, from_on=FIRST - 30 * DAY), lives[-1])
    left_on = any_day(chance) if chance.random() < 0.2 else None
    if left_on:  # the posts stay open here: the day of leaving alone decides
        type(cadre).objects.filter(pk=cadre.pk).update(left_on=left_on)
    return Person(cadre.name, entries, exempt, left_on, posts, lives)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_the_register_of_any_day_is_what_the_rows_of_that_day_say(cast, tree, signed_in, seed):
    chance, client = Dice(seed), signed_in(cast.county)
    day = any_day(chance)
    units = [tree.dipu, tree.shangshu, tree.liujiatang]
    with transaction.atomic():
        Mentee.objects.all().delete()
        people = [person(chance, number, cast, units) for number in range(6)]
        groups = {
            state: client.get(LIST, {"as_of": day, "state": state}).context["page"].rows
            for state in ("", "due", "paired", "unpaired", "exempt")
        }
        by_unit = client.get(LIST, {"as_of": day, "sort": "unit"}).context["page"].rows
        of_unit = client.get(LIST, {"as_of": day, "unit": tree.dipu.pk}).context["page"].rows
        told = client.get(COVERAGE, {"as_of": day}).context["coverage"]
        transaction.set_rollback(True)
    here = [one for one in people if one.is_registered(day)]
    due = [one for one in here if not one.is_exempt(day)]
    paired = [one for one in due if one.is_paired(day)]
    expected = {
        "": here,
        "due": due,
        "paired": paired,
        "unpaired": [one for one in due if not one.is_paired(day)],
        "exempt": [one for one in here if one.is_exempt(day)],
    }
    for state, rows in groups.items():
        assert {
            row.cadre.name: (
                row.cadre.unit.name, bool(row.exempt_now), row.is_paired,
                sorted(pair.state for pair in row.cadre.open_pairs),
            )
            for row in rows
        } == {one.name: one.row(day) for one in expected[state]}, state  # fmt: skip
    assert told == Coverage(len(due), len(paired), len(expected["exempt"]))
    names = [row.unit_then for row in by_unit]
    assert names == [row.cadre.unit.name for row in by_unit]
    assert len({at for at in range(len(names)) if at == 0 or names[at] != names[at - 1]}) == len(
        set(names)
    )
    assert {row.cadre.name for row in of_unit} == {
        one.name for one in here if where(one.posts, day) == "递铺街道"
    }


@pytest.fixture
def later(cast, tree) -> Mentee:
    """Exempt in spring until it was ended, paired in June, off the register in September."""
    cadre = make_cadre(unit=tree.liujiatang, name="王小村")
    entry = make_mentee(cadre=cadre, to_on=D(2026, 9, 30), end_reason="出师")
    Exemption.objects.create(
        mentee=entry, from_on=D(2026, 2, 1), to_on=D(2026, 5, 15), reason="产假"
    )
    mentor = make_mentor(cadre=make_cadre(unit=tree.liujiatang, name="单满堂"))
    make_pairing(mentor=mentor, mentee=cadre, from_on=D(2026, 6, 1))
    cadre.move_to(tree.dipu, title="干事", on=D(2026, 8, 1))
    mentor.cadre.move_to(tree.dipu, on=D(2026, 8, 1))
    return entry


def body_of(client, **query) -> str:
    page = client.get(LIST, query).text
    return "".join(page[page.index("<tbody>") : page.index("</tbody>")].split())


def test_nothing_later_leaks_onto_the_page_of_a_day(cast, later, signed_in):
    client = signed_in(cast.county)
    spring = body_of(client, as_of="2026-04-30", q="王小村")
    assert "刘家塘村" in spring
    assert "产假" in spring
    for is_later in ("至2026年5月15日", "单满堂", "递铺", "已结对", "出师", "2026年9月30日"):
        assert is_later not in spring
    summer = body_of(client, as_of="2026-07-31", q="王小村")
    assert "已结对" in summer
    assert "单满堂" in summer
    for is_later in ("递铺", "产假", "出师"):
        assert is_later not in summer
    assert "递铺" in body_of(client, as_of="2026-08-01", q="王小村")
    assert "免于" in client.get(f"{COVERAGE}?as_of=2026-04-30").text
    assert "2026年4月30日" in client.get(f"{COVERAGE}?as_of=2026-04-30").text
    gone = client.get(LIST, {"as_of": "2026-10-01", "q": "王小村"})
    assert gone.context["page"].rows == []


def test_a_past_day_offers_no_next_step_and_keeps_the_day_in_every_link(cast, later, signed_in):
    client = signed_in(cast.county)
    page = client.get(LIST, {"as_of": "2026-01-31"}).text
    assert "/move/" not in page
    assert "/pairings/new/" not in page
    assert f'hx-get="{COVERAGE}?as_of=2026-01-31"' in page
    told = client.get(f"{COVERAGE}?as_of=2026-01-31").text
    assert f'href="{LIST}?as_of=2026-01-31&amp;state=due"' in told
    assert "who=paired" not in told


def test_of_who_has_come_from_another_county_since_todays_office_tells_and_the_former_does_not(
    cast, tree, signed_in
):
    """Who sees an entry today sees it on any day, and nobody else (docs/decisions)."""
    entry = make_mentee(cadre=make_cadre(unit=tree.yuyue, name="调入的"))
    make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清师")), mentee=entry.cadre
    )
    entry.cadre.move_to(tree.dipu, on=D(2026, 6, 1))
    before = {"as_of": "2026-04-30"}
    here = signed_in(cast.county).get(LIST, before | {"q": "调入的"})
    assert [row.cadre.unit.name for row in here.context["page"].rows] == ["禹越镇"]
    assert "德清师" not in here.text
    there = signed_in(cast.other_county).get(LIST, before)
    assert there.context["page"].rows == []
    assert "调入的" not in there.text
    assert signed_in(cast.other_county).get(COVERAGE, before).context["coverage"] == (0, 0, 0)


@pytest.mark.parametrize("written", ["2999-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_said_beside_the_field_and_todays_list_stands(
    cast, later, signed_in, written
):
    response = signed_in(cast.county).get(LIST, {"as_of": written, "state": "due"})
    assert response.status_code == 422
    assert [row.cadre.name for row in response.context["page"].rows] == ["马徒弟"]
    assert f'value="{written}"' in response.text
    assert "invalid-feedback" in response.text
    assert '<option value="due" selected>' in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_a_past_day_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name=f"德清师{number}"))
        entry = make_mentee(cadre=make_cadre(unit=tree.yuyue, name=f"徒{number}"))
        make_pairing(mentor=mentor, mentee=entry.cadre)
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(connection) as queries:
        rows = client.get(LIST, {"as_of": "2026-04-30"}).context["page"].rows
    assert len(rows) == count
    # And the posts of that day, of mentees and mentors together.
    assert len(queries) == TODAYS_QUERIES + 1, [query["sql"][:120] for query in queries]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_file_of_a_day_says_what_the_page_says(cast, tree, later, signed_in):
    client = signed_in(cast.county)
    address = "/mentees/export/?as_of=2026-04-30&q=%E7%8E%8B%E5%B0%8F%E6%9D%91"
    response = client.post(address, {"format": "csv"})
    assert "20260430" in response.headers["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    told = dict(zip(head, lines[0], strict=True))
    assert len(lines) == 1
    names = ("单位", "上级单位", "职务", "应否结对", "是否已结对", "退出日期")
    assert [told[name] for name in names] == ["刘家塘村", "上墅乡", "干部", "否", "否", ""]
    assert "截至日期：2026-04-30" in Export.objects.get().filters
