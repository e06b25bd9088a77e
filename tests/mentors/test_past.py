"""The register of mentors as of a past day, beside a second count in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import io
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Export
from mentors.models import Mentor, MentorCategory, MentorEvent
from mentors.states import CANDIDATE, MOVES, OPEN
from mentors.states import State as S
from pairings.models import Pairing
from pairings.states import OPEN as OPEN_PAIRS
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.pairings.histories import DAY, FIRST, SPAN, any_day, enter, history, then

D = dt.date
LIST = "/mentors/"
# As of today: tests/mentors/test_list.py.
QUERIES = 9


def listed(client, **filters) -> list[Mentor]:
    response = client.get(LIST, filters)
    assert response.status_code == 200
    return response.context["page"].rows


class Dice(Random):
    """Chance that repeats itself; no secret hangs on it."""


class Told:
    """An event as a test remembers it."""

    def __init__(self, verb: str, state: str, on: dt.date, **facts: object) -> None:
        self.verb, self.state, self.on = verb, state, on
        self.term = facts.get("term")
        self.places = facts.get("places")


def appointed(chance: Random, cadre) -> tuple[Mentor, list[Told]]:
    """A mentor with a random life; the days in effect come in any order."""
    state, capacity, term = S.PROPOSED, chance.randrange(5), None
    story = [Told("propose", state, any_day(chance))]
    for _ in range(chance.randrange(9)):
        if chance.random() < 0.35:
            new = chance.choice([n for n in range(6) if n != capacity])
            story.append(Told("edit", state, any_day(chance), places=(capacity, new)))
            capacity = new
            continue
        verbs = [verb for verb, move in MOVES.items() if state in move.path]
        if not verbs:
            break
        verb = chance.choice(verbs)
        state = MOVES[verb].path[state]
        told = Told(verb, state, any_day(chance))
        if verb in {"appoint", "renew"}:
            longer = (term or FIRST + SPAN * DAY) + chance.randrange(1, 90) * DAY
            term = chance.choice([longer, None]) if verb == "appoint" else longer
            told.term = term
        story.append(told)
    began = next((told.on for told in story if told.verb == "appoint"), None)
    ended = story[-1].on if state == S.ENDED else None
    if state == S.ENDED:
        ended = next(told.on for told in story if told.verb in {"end", "withdraw"})
        began = began if began and began <= ended else None
    mentor = Mentor(
        cadre=cadre, unit=cadre.unit, category=MentorCategory.objects.first(), state=state,
        capacity=capacity, from_on=began, to_on=ended, term_to_on=term if began else None,
    )  # fmt: skip
    if state == S.ON_NOTICE:
        mentor.notice_from_on = mentor.notice_to_on = FIRST
    mentor.save()
    for at, told in enumerate(story):
        old, new = told.places or (None, None)
        MentorEvent.objects.create(
            mentor=mentor, verb=told.verb, to_state=told.state, on=told.on, new_to_on=told.term,
            old_capacity=old, new_capacity=new,
            at=dt.datetime(2026, 9, 1, 8 + at, tzinfo=dt.UTC),
        )  # fmt: skip
    return mentor, story


def told_of(mentor: Mentor, story: list[Told], day: dt.date) -> tuple | None:
    """State, first day, term and places on that day; None while not on record."""
    state, term, places = None, None, None
    for told in story:
        if told.places and places is None:
            places = told.places[0]  # until a change is in effect
    places = mentor.capacity if places is None else places
    for told in story:
        if told.on > day or (told.verb == "end" and told.on == day):
            continue
        state = told.state
        if told.verb in {"appoint", "renew"}:
            term = told.term
        if told.places:
            places = told.places[1]
    if state is None:
        return None
    stood = state not in CANDIDATE and mentor.from_on is not None and mentor.from_on <= day
    return state, mentor.from_on if stood else None, term if stood else None, places


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_the_register_of_any_day_is_what_the_events_say(cast, tree, signed_in, seed):
    chance, client = Dice(seed), signed_in(cast.county)
    day, ends = any_day(chance), FIRST + (SPAN + 60) * DAY
    expected = {}
    with transaction.atomic():
        for number in range(5):
            mentor, story = appointed(chance, make_cadre(unit=tree.dipu, name=f"师{number}"))
            taken = 0
            for at in range(chance.randrange(4)):
                mentee = make_cadre(unit=tree.dipu, name=f"徒{number}{at}")
                life = history(chance, None)
                enter(Pairing(mentor=mentor, mentee=mentee, from_on=FIRST - 30 * DAY), life)
                pair = then(life, None, day)
                taken += pair is not None and pair.state in OPEN_PAIRS
            if told := told_of(mentor, story, day):
                expected[mentor.pk] = (*told, taken, max(told[3] - taken, 0))
        rows = listed(client, as_of=day, state="all")
        by_state = {state: listed(client, as_of=day, state=state) for state in ["", *S.values]}
        free = listed(client, as_of=day, is_free="on")
        ending = listed(client, as_of=day, state="all", term_before=ends)
        by_places = listed(client, as_of=day, state="all", sort="-capacity")
        transaction.set_rollback(True)
    found = {
        row.pk: (row.state, row.from_on, row.term_to_on, row.capacity, row.taken, row.free)
        for row in rows
    }
    assert found == expected
    groups = {"": OPEN, **{state: (state,) for state in S.values}}
    for state, shown in by_state.items():
        of_state = {pk for pk, told in expected.items() if told[0] in groups[state]}
        assert {row.pk for row in shown} == of_state
    with_room = {pk for pk, told in expected.items() if told[0] == S.IN_OFFICE and told[5] > 0}
    assert {row.pk for row in free} == with_room
    by_then = {pk for pk, told in expected.items() if told[2] and told[2] <= ends}
    assert {row.pk for row in ending} == by_then
    assert [row.capacity for row in by_places] == sorted(e[3] for e in expected.values())[::-1]


@pytest.fixture
def later(cast, tree) -> Mentor:
    """In office since 2024 with two places and one mentee; three, renewed and ended this year."""
    cadre = make_cadre(unit=tree.dipu, name="单满堂", birth_month="1966-03")
    mentor = make_mentor(cadre=cadre, from_on=D(2024, 1, 1), term_to_on=D(2029, 12, 31), capacity=3)
    facts = {"mentor": mentor, "from_state": "in_office"}
    MentorEvent.objects.create(
        mentor=mentor, verb="appoint", on=D(2024, 1, 1), new_to_on=D(2026, 12, 31)
    )
    MentorEvent.objects.create(
        **facts, verb="edit", on=D(2026, 4, 1), old_capacity=2, new_capacity=3
    )
    MentorEvent.objects.create(
        **facts, verb="renew", on=D(2026, 5, 1),
        old_to_on=D(2026, 12, 31), new_to_on=D(2029, 12, 31),
    )  # fmt: skip
    for name, begins in (("早徒", D(2026, 1, 10)), ("晚徒", D(2026, 6, 1))):
        make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.dipu, name=name), from_on=begins)
    mentor.move("suspend", by=cast.county, on=D(2026, 7, 1), reason="借调")
    return mentor


def test_nothing_later_leaks_onto_the_page_of_a_day(cast, later, signed_in):
    client = signed_in(cast.county)
    page = client.get(LIST, {"as_of": "2026-03-31", "q": "单满堂"}).text
    assert '以下为 <strong class="text-nowrap">2026年3月31日</strong> 的情况' in page
    body = "".join(page[page.index("<tbody>") : page.index("</tbody>")].split())
    assert "2026年12月31日" in body
    assert "在册" in body
    assert "1/2" in body
    for is_later in ("2029年", "暂停", "/3"):
        assert is_later not in body
    row = listed(client, as_of="2026-07-01", q="单满堂")[0]
    assert (row.state, row.term_to_on, row.capacity, row.taken) == (
        "suspended", D(2029, 12, 31), 3, 2,
    )  # fmt: skip
    before = client.get(LIST, {"as_of": "2023-12-31"})
    assert before.context["page"].rows == []
    assert "这一天名册中没有导师。" in before.text


def test_ages_are_those_of_the_day(cast, later, signed_in):
    client = signed_in(cast.county)
    assert listed(client, as_of="2026-02-28", age_to=59, q="单满堂") == [later]
    assert listed(client, as_of="2026-03-01", age_to=59, q="单满堂") == []


@pytest.mark.parametrize("written", ["2999-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_said_beside_the_field_and_todays_list_stands(
    cast, later, signed_in, written
):
    response = signed_in(cast.county).get(LIST, {"as_of": written, "q": "单满堂"})
    assert response.status_code == 422
    row = response.context["page"].rows[0]
    assert (row.state, row.capacity) == ("suspended", 3)
    assert f'value="{written}"' in response.text
    assert "invalid-feedback" in response.text
    assert 'value="单满堂"' in response.text


def test_another_county_finds_nobody_on_any_day(cast, later, signed_in):
    page = signed_in(cast.other_county).get(LIST, {"as_of": "2026-03-31", "state": "all"})
    assert page.context["page"].rows == []
    assert "单满堂" not in page.text


def test_pages_of_a_past_day_go_on_where_they_ended(cast, tree, signed_in):
    client = signed_in(cast.county)
    for number in range(25):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{number:02}"), capacity=9)
        term = D(2027, 1, 1) + number % 4 * DAY if number % 5 else None
        MentorEvent.objects.create(mentor=mentor, verb="appoint", on=D(2024, 1, 1), new_to_on=term)
        MentorEvent.objects.create(
            mentor=mentor,
            verb="edit",
            on=D(2026, 5, 1),
            old_capacity=1 + number % 4,
            new_capacity=9,
        )
    for sort in ("name", "-name", "unit", "category", "capacity", "-capacity", "term", "-term"):
        first = client.get(f"{LIST}?sort={sort}&size=20&as_of=2026-03-31")
        cursor = first.context["page"].next
        second = client.get(f"{LIST}?sort={sort}&size=20&as_of=2026-03-31&after={cursor}")
        rows = [row.pk for page in (first, second) for row in page.context["page"].rows]
        assert (len(rows), len(set(rows))) == (25, 25), sort


@pytest.mark.parametrize("number", [1, 3])
def test_a_past_day_takes_the_same_queries_for_one_row_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for extra in range(number):
        mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{extra}"))
        MentorEvent.objects.create(mentor=mentor, verb="appoint", on=D(2024, 1, 1))
    client = signed_in(cast.county)
    with django_assert_num_queries(QUERIES):
        assert len(listed(client, as_of="2026-03-31")) == number


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_file_of_a_day_says_what_the_page_says(cast, tree, later, signed_in):
    later.cadre.move_to(tree.shangshu, title="调研员", on=D(2026, 8, 1))
    client = signed_in(cast.county)
    address = "/mentors/export/?as_of=2026-03-31"
    assert f'href="{address}"' in client.get(f"{LIST}?as_of=2026-03-31").text
    response = client.post(address, {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    told = dict(zip(head, lines[0], strict=True))
    assert len(lines) == 1
    assert {name: told[name] for name in head if name in (
        "姓名", "年龄", "单位", "上级单位", "职务", "帮带名额", "在带人数", "空余名额", "状态",
        "聘任日期", "聘期至", "退出日期",
    )} == {
        "姓名": "单满堂", "年龄": "60", "单位": "递铺街道", "上级单位": "安吉县", "职务": "干部",
        "帮带名额": "2", "在带人数": "1", "空余名额": "1", "状态": "在册",
        "聘任日期": "2024-01-01", "聘期至": "2026-12-31", "退出日期": "",
    }  # fmt: skip
    assert "截至日期：2026-03-31" in Export.objects.get().filters
