"""`python -m benchmarks --nation 0.1 1`: a nation's figures, beside the tables read plainly.

Each size is seeded into an empty database (docs/nation.md). Medians and p95 in milliseconds of
server time; the pages go through the whole of Django, without a network. Files with names are
made in processes of their own, so that their peak of memory is nobody else's.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import Role, User, grant
from activities.models import Session
from benchmarks import exports as registers
from benchmarks.lists import client_of, opened
from benchmarks.writers import inserting
from mentoring.demo import nation
from pairings.models import Pairing
from stats import exports, figures, rolling, tallies
from stats.bases import rows_within
from stats.cuts import Cut
from stats.grouping import grouped
from stats.indicators import sections
from stats.models import Tally
from stats.shapes import Base
from units import divisions
from units.models import Kind, Unit

# What the figures of one question ask of the base tables, by hand and without any history.
PLAIN = (
    "SELECT county_id, method, count(*) FROM activities_session"
    " WHERE happened_on BETWEEN %(first)s AND %(day)s GROUP BY 1, 2",
    "SELECT county_id, is_with_mentor, count(*) FROM activities_visit"
    " WHERE happened_on BETWEEN %(first)s AND %(day)s GROUP BY 1, 2",
    "SELECT county_id, state, count(*) FROM activities_assignment"
    " WHERE created_at >= %(first)s AND created_at < %(day)s::date + 1 GROUP BY 1, 2",
    "SELECT county_id, state, count(*) FROM pairings_pairing GROUP BY 1, 2",
    "SELECT county_id, count(*) FROM cadres_posting WHERE is_main AND to_on IS NULL GROUP BY 1",
    "SELECT county_id, category_id, count(*) FROM mentors_mentor WHERE to_on IS NULL GROUP BY 1, 2",
)
SCAN = tuple(
    f"SELECT count(*) FROM {model._meta.db_table}"  # noqa: S608  # names of our own
    for model in nation.TABLES
)

COUNTIES = 60


class Timed(NamedTuple):
    what: str
    median: float
    p95: float
    runs: int

    def line(self) -> str:
        return f"| {self.what} | {self.median:,.0f} | {self.p95:,.0f} | {self.runs} |"


def timed(what: str, run: Callable[[], object], runs: int) -> Timed:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return Timed(what, statistics.median(taken), taken[min(int(runs * 0.95), runs - 1)], runs)


def seed(scale: float, one_in: int = 1) -> list[str]:
    """Seed, and say how quickly, table by table."""
    if not Unit.objects.exists():
        path = Path(nation.__file__).parents[2] / "data" / "china_divisions_to_township.csv.gz"
        divisions.load(divisions.read(path))
    began = time.monotonic()
    lines = [
        f"| {each.table} | {each.rows:,} | {each.seconds:.1f} |"
        f" {each.rows / max(each.seconds, 0.001):,.0f} |"
        for each in nation.seed(scale=scale, seed=2004, today=timezone.localdate(), one_in=one_in)
    ]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [*lines, f"| in all | | {time.monotonic() - began:.0f} | |"]


def measure(*, rounds: int = 20) -> list[str]:
    """Lines of a table: what, median, p95, runs."""
    cut = Cut.at(timezone.localdate())
    found = [*_of_counties(_counties(COUNTIES), cut), *_of_nation(cut, rounds)]
    values = {"day": cut.as_of, "first": cut.period_from}
    found.append(timed("plain GROUP BY of six base tables", lambda: _run(PLAIN, values), 2))
    found.append(timed("limit: one scan of the tables", lambda: _run(SCAN, values), 2))
    found += _of_names()
    return [each.line() for each in found]


def _of_nation(cut: Cut, rounds: int) -> Iterator[Timed]:
    city = Unit.objects.get(pk=_counties(1)[0].city_id)
    yield timed("city's figures", lambda: figures.table(city, cut.as_of), 5)
    yield _filled(cut)
    country, province = figures.nation(), Unit.objects.filter(kind=Kind.PROVINCE)[10]
    for section in _sections():
        yield timed(
            f"nation's section “{section}”, kept",
            lambda section=section: figures.table(country, cut.as_of, only={section}),
            rounds,
        )
    yield timed("nation's figures, all, kept", lambda: figures.table(country, cut.as_of), rounds)
    page = client_of(_office(province))
    address = f"/statistics/?unit={province.pk}"
    yield timed("province's page, kept", lambda: opened(page, address), rounds)
    _touch(50)
    yield timed(
        "nation's figures, 50 counties touched", lambda: figures.table(country, cut.as_of), 5
    )
    _work()
    yield timed(
        "CSV of all counties, a row each",
        lambda: exports.write_csv(figures.by_county(country, cut.as_of)),
        3,
    )


def _of_names(runs: int = 3) -> Iterator[Timed]:
    """All people of the register as a file, for somebody who may read the whole country."""
    user, is_new = User.objects.get_or_create(username=registers.COORDINATOR, name="bench")
    if is_new:
        for province in Unit.objects.filter(kind=Kind.PROVINCE):
            grant(user, Role.COORDINATOR, province, by=None)
    people = registers.asked()[0].count()
    taken: dict[str, list[tuple[float, int]]] = {"csv": [], "copy": []}
    for _ in range(runs):
        for way, each in taken.items():
            each.append(registers.alone(way))
    for way, each in taken.items():
        times = sorted(time for time, _megabytes in each)
        what = f"{registers.WAYS[way][0]}, {people:,} names ({max(mb for _, mb in each)} MB)"
        yield Timed(what, statistics.median(times), times[-1], runs)


def writers(seconds: float = 6) -> list[str]:
    """Inserts a second by eight connections, with the triggers of kept answers and without."""
    url = connection.settings_dict
    database = f"postgresql://{url['USER']}@/{url['NAME']}?host={url['HOST']}"
    name = "activities_session_touches_on_insert"
    rates: dict[str, list[float]] = {"with": [], "without": []}
    for way in ("with", "without", "without", "with"):
        verb = "ENABLE" if way == "with" else "DISABLE"
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE activities_session {verb} TRIGGER {name}")
        rates[way].append(inserting(database, seconds))
    return [f"- {way} the trigger: {max(each):,.0f} a second" for way, each in rates.items()]


def _counties(number: int) -> list[Unit]:
    """So many counties with pairings, drawn by chance, always the same."""
    every = Unit.objects.filter(kind=Kind.COUNTY, pk__in=Pairing.objects.values("county"))
    found = list(every.order_by("code"))
    random.Random(2004).shuffle(found)  # noqa: S311  # which are measured is no secret
    return found[:number]


def _of_counties(counties: list[Unit], cut: Cut) -> Iterator[Timed]:
    """Each county once a round, so that none warms the next; then base by base."""

    def each_in_turn(what: str, run: Callable[[Unit], object]) -> Timed:
        turn = iter(counties)
        return timed(what, lambda: run(next(turn)), len(counties))

    def counted(base: Base) -> Callable[[Unit], object]:
        keys = ("county_id", "unit_id", "past_path")
        return lambda unit: list(grouped(base, rows_within(base, unit.rows_q(), cut), *keys))

    clients = {unit.pk: client_of(_office(unit)) for unit in counties}

    def page(section: str) -> Callable[[Unit], object]:
        address = f"/statistics/?section={section}&unit="
        return lambda unit: opened(clients[unit.pk], f"{address}{unit.pk}")

    first, *_others = _sections()
    yield each_in_turn(f"county's page “{first}”, first time", page(first))
    for section in _sections():
        yield each_in_turn(f"county's page “{section}”", page(section))
    yield each_in_turn("county's figures, all", lambda unit: figures.table(unit, cut.as_of))
    for base in Base:
        yield each_in_turn(f"county's {base} alone", counted(base))


def _sections() -> list[str]:
    return [section.code for section in sections()]


def _office(unit: Unit) -> User:
    user, is_new = User.objects.get_or_create(username=f"bench.{unit.pk}", name="bench")
    if is_new:
        grant(user, Role.VIEWER, unit, by=None)
    return user


def _filled(cut: Cut) -> Timed:
    """The first answer of all: how long the worker counts."""
    tallies.wish(figures.nation(), cut)
    what = timed("worker: all counties counted for a new question", _work, 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stats_tally")
    return what._replace(what=f"{what.what} ({Tally.objects.count():,} rows kept)")


def _work() -> None:
    while rolling.work(seconds=60):
        pass


def _touch(counties: int) -> None:
    for county in _counties(counties):
        one = Session.objects.filter(county=county).earliest("pk")
        Session.objects.filter(pk=one.pk).update(method="on_site")


def _run(statements: tuple[str, ...], values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
            cursor.fetchall()


def report(size: str, seeded: list[str], measured: list[str], rates: list[str]) -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines = [
        f"## Scale {size}", "",
        f"{timezone.localdate():%Y-%m-%d}, {Pairing.objects.count():,} pairs; load of the machine",
        f"over the last 1, 5 and 15 minutes at the end: {load}.", "",
        "| what | median ms | p95 ms | runs |",
        "|---|--:|--:|--:|",
        *measured, "", "Eight connections inserting sessions:", "", *rates, "",
        "| seeded | rows | seconds | rows a second |",
        "|---|--:|--:|--:|",
        *seeded, "",
    ]  # fmt: skip
    return "\n".join(lines)
