"""The list of pairs as of a past day, beside a second count in plain Python over the events."""

from __future__ import annotations

import csv
import datetime as dt
import io
from random import Random

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Export
from cadres.models import Posting
from pairings.exporting import PAIRS
from pairings.filters import FilterForm
from pairings.models import Pairing, PairingEvent
from pairings.states import GROUPS
from tables.sheets import statement_of
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.pairings.histories import DAY, FIRST, SPAN, any_day, enter, history, then

D = dt.date
LIST = "/pairings/"
# As of today (tests/pairings/test_list.py), and where the two sides served on the day.
QUERIES = 7


class Dice(Random):
    """Chance that repeats itself; no secret hangs on it."""


def listed(client, **filters) -> list[Pairing]:
    response = client.get(LIST, filters)
    assert response.status_code == 200
    return response.context["page"].rows


def moved_about(chance: Random, cadre, units) -> list[tuple[dt.date | None, str]]:
    """Main posts one after another; from which day each was held, and where."""
    days = sorted({any_day(chance) for _ in range(chance.randrange(3))})
    Posting.objects.filter(cadre=cadre).delete()
    found = []
    for at, begins in enumerate([None, *days]):
        unit = units[at % len(units)]
        ends = days[at] - DAY if at < len(days) else None
        Posting.objects.create(cadre=cadre, unit=unit, from_on=begins, to_on=ends)
        found.append((begins, unit.name))
    return found


def where(posts: list[tuple[dt.date | None, str]], day: dt.date) -> str:
    return [unit for begins, unit in posts if begins is None or begins <= day][-1]


def expected_on(day: dt.date, chance: Random, cast, tree) -> dict:
    """Six pairs with random lives, entered; of each that was on record that day what it was."""
    found = {}
    units = [tree.dipu, tree.shangshu, tree.liujiatang]
    for number in range(6):
        cadre = make_cadre(unit=units[number % 3], name=f"徒{number}")
        posts = moved_about(chance, cadre, units)
        to_on = chance.choice([None, FIRST + (SPAN + chance.randrange(200)) * DAY])
        story = history(chance, to_on)
        pairing = Pairing(
            mentor=cast.mentor_row, mentee=cadre, from_on=FIRST - 30 * DAY, to_on=to_on
        )
        enter(pairing, story)
        if told := then(story, to_on, day):
            found[pairing.pk] = (*told, where(posts, day))
    return found


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_the_list_of_any_day_is_what_the_events_say(cast, tree, signed_in, seed):
    chance, client = Dice(seed), signed_in(cast.county)
    day, ends = any_day(chance), FIRST + (SPAN + 100) * DAY
    with transaction.atomic():
        cast.pairing.events.all().delete()  # nothing of it was ever entered
        expected = expected_on(day, chance, cast, tree)
        page = listed(client, as_of=day)
        by_group = {name: listed(client, as_of=day, state=name) for name in GROUPS}
        ending = listed(client, as_of=day, ends_before=ends)
        file = exported(cast.county, day)
        transaction.set_rollback(True)
    assert {
        row.pk: (row.state, row.to_on, row.ended_on, row.since, row.mentee.unit.name)
        for row in page
    } == expected
    assert [row.pk for row in page] == sorted(expected, reverse=True)
    for name, rows in by_group.items():
        of_group = {pk for pk, told in expected.items() if told[0] in GROUPS[name][1]}
        assert {row.pk for row in rows} == of_group
    by_then = {pk for pk, told in expected.items() if told[1] and told[1] <= ends}
    assert {row.pk for row in ending} == by_then
    assert file == [
        (row.mentee.unit.name, written(row.to_on), written(row.ended_on), row.get_state_display())
        for row in page
    ]


def written(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def exported(user, day: dt.date) -> list[tuple]:
    """Some columns of the file of that day, by the statement that COPY is given."""
    form = FilterForm({"as_of": str(day)}, user=user)
    rows = form.narrow(Pairing.objects.visible_to(user)).order_by("-id")
    columns = PAIRS.of(form.day).columns(user, is_masked=True, today=day)
    shown = [
        next(column for column in columns if column.title == title)
        for title in ("帮带对象单位", "到期日期", "结束日期", "状态")
    ]
    if (select := statement_of(rows, shown)) is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*select)
        return [(row[0], row[1] or "", row[2] or "", row[3]) for row in cursor.fetchall()]


@pytest.fixture
def ended(cast, tree) -> Pairing:
    """Active since March, extended in May, ended in July, with an earlier unit of the mentee."""
    cadre = make_cadre(unit=tree.liujiatang, name="王小村")
    cadre.move_to(tree.dipu, on=D(2026, 6, 1))
    pairing = make_pairing(
        mentor=cast.mentor_row, mentee=cadre, state="completed", to_on=D(2027, 6, 30),
        ended_on=D(2026, 7, 1), role="work",
    )  # fmt: skip
    pairing.events.update(to_state="active")
    facts = {"pairing": pairing, "from_state": "active"}
    PairingEvent.objects.create(
        **facts, verb="extend", to_state="active", on=D(2026, 5, 1),
        old_to_on=D(2027, 2, 28), new_to_on=D(2027, 6, 30),
    )  # fmt: skip
    PairingEvent.objects.create(**facts, verb="complete", to_state="completed", on=D(2026, 7, 1))
    return pairing


def test_nothing_later_leaks_onto_the_page_of_a_day(cast, ended, signed_in):
    page = signed_in(cast.county).get(LIST, {"as_of": "2026-04-30", "q": "王小村"}).text
    assert '以下为 <strong class="text-nowrap">2026年4月30日</strong> 的情况' in page
    assert 'href="?q=%E7%8E%8B%E5%B0%8F%E6%9D%91"' in page
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "2027年2月28日" in body
    assert "刘家塘村" in body
    for later in ("2027年6月30日", "已出师", "递铺街道"):
        assert later not in body
    after = signed_in(cast.county).get(LIST, {"as_of": "2026-07-01", "q": "王小村"}).text
    for now in ("2027年6月30日", "已出师", "递铺街道"):
        assert now in after
    before = signed_in(cast.county).get(LIST, {"as_of": "2026-02-28"})
    assert before.context["page"].rows == []
    assert "这一天名册中没有结对。" in before.text


def test_today_and_the_way_back_show_no_banner(cast, signed_in):
    client = signed_in(cast.county)
    for query in ({}, {"as_of": str(timezone.localdate())}):
        page = client.get(LIST, query)
        assert "的情况" not in page.text
        assert [row.state for row in page.context["page"].rows] == ["active"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2999-01-01", "日期不能晚于今天"),
        ("31.3.", "输入一个有效的日期"),
        ("2026-02-30", "输入一个有效的日期"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_beside_the_field_and_todays_list_stands(
    cast, ended, signed_in, written, said
):
    response = signed_in(cast.county).get(LIST, {"as_of": written, "state": "active"})
    assert response.status_code == 422
    assert [str(row) for row in response.context["page"].rows] == ["褚师傅 → 马徒弟"]
    field = response.text[response.text.index('id="div_id_as_of"') :]
    assert said in field[: field.index("</form>")]
    assert f'value="{written}"' in response.text
    assert '<option value="active" selected>' in response.text


@pytest.mark.parametrize("user", ["other_county", "stranger", "sibling"])
def test_who_does_not_see_the_pair_today_does_not_see_it_on_any_day(
    cast, tree, ended, signed_in, user
):
    """The mentee served in 刘家塘村 then, and in 递铺街道 now: the pair is its own row."""
    page = signed_in(getattr(cast, user)).get(LIST, {"as_of": "2026-04-30"})
    seen = Pairing.objects.visible_to(getattr(cast, user))
    assert {row.pk for row in page.context["page"].rows} == set(seen.values_list("pk", flat=True))
    assert "褚师傅" not in page.text or seen.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_a_past_day_takes_the_same_queries_for_one_row_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for extra in range(number - 1):
        make_pairing(
            mentor=make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"师{extra}")),
            mentee=make_cadre(unit=tree.liujiatang, name=f"学员{extra}"),
            state="proposed",
        )
    client = signed_in(cast.county)
    with django_assert_num_queries(QUERIES):
        assert len(listed(client, as_of="2026-04-01")) == number


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_file_of_a_day_says_so_and_is_on_record_with_it(cast, ended, signed_in):
    client = signed_in(cast.county)
    assert (
        'href="/pairings/export/?as_of=2026-04-30"' in client.get(f"{LIST}?as_of=2026-04-30").text
    )
    response = client.post("/pairings/export/?as_of=2026-04-30", {"format": "csv"})
    assert "20260430" in response.headers["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = {line[3]: line[5:12] for line in csv.reader(io.StringIO(text))}
    assert lines["王小村"] == [
        "刘家塘村", "2026-03-01", "12", "2027-02-28", "业务导师", "组织安排", "帮带中",
    ]  # fmt: skip
    assert "截至日期：2026-04-30" in Export.objects.get().filters
