"""Answers are kept and given up: what a worker does while nobody waits.

One worker at a time (a lock of the database's), each step a transaction of its own that sees one
moment. What was written since a county was counted gives up all its answers; then the questions
that somebody asks are counted anew, a few counties at a step. Whoever reads in between counts
these few alone (stats.tallies), so no figure waits for the worker to be right.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg2 import errors

from stats.bases import rows_within
from stats.cuts import Cut
from stats.grouping import grouped, meaning
from stats.models import Check, Question, Tally, TallyCell, Touched, Wish
from stats.shapes import Base
from stats.tallies import counties_of, place_of, wish
from stats.touching import concerned
from units.models import Unit

LOCK = 0x62616E67_64616921
TOUCHED_AT_ONCE, COUNTIES_AT_ONCE = 5_000, 40
QUESTIONS_KEPT = 60
WISHED_FOR = dt.timedelta(days=2)  # a question that nobody asks any more is not kept up
STANDING_FOR = dt.timedelta(days=30)
logger = logging.getLogger(__name__)
Places = dict[tuple[int, str], list[tuple[int, int]]]  # county and place: cell and number


def work(*, seconds: float) -> int:
    """Give up and count until nothing is left or the time is over; how many steps were done.

    0 where another worker is at it.
    """
    until, steps = time.monotonic() + seconds, 0
    with _alone() as is_alone:
        while is_alone and time.monotonic() < until:
            try:
                if not (forget_touched() or count_wished()):
                    break
            except OperationalError as error:
                # Somebody renewed a wish meanwhile: the next round sees it.
                if not isinstance(error.__cause__, errors.SerializationFailure):
                    raise
            steps += 1
    return steps


def forget_touched() -> bool:
    """Give up the answers of counties that something was written in; False when there is none.

    What is written after this moment stays on record: exactly the rows seen are deleted.
    """
    with _one_moment():
        ids = list(Touched.objects.order_by("pk").values_list("pk", flat=True)[:TOUCHED_AT_ONCE])
        if not ids:
            return False
        Tally.objects.filter(county_id__in=concerned(ids)).delete()
        Touched.objects.filter(pk__in=ids).delete()
        return True


def count_wished() -> bool:
    """Count some counties of the newest wish that lacks any; False when none does."""
    since = timezone.now() - WISHED_FOR
    wishes = Wish.objects.filter(asked_at__gte=since, question__meaning=meaning())
    with _one_moment():
        for each in wishes.select_related("question", "unit").order_by("-asked_at", "pk"):
            kept = Tally.objects.filter(question=each.question, place="")
            wanted = counties_of(each.unit or Unit(path="/"))
            missing = sorted(wanted - {*kept.values_list("county_id", flat=True)})
            if missing:
                keep(each.question, missing[:COUNTIES_AT_ONCE])
                return True
    return False


def keep(question: Question, counties: list[int]) -> None:
    """Count these counties as of now and keep what they count to."""
    found = count(question, counties)
    for county in counties:
        found.setdefault((county, ""), [])
    Tally.objects.bulk_create(
        [
            Tally(
                question=question,
                county_id=county,
                place=place,
                cells=[cell for cell, _n in cells],
                counts=[n for _cell, n in cells],
            )
            for (county, place), cells in found.items()
        ]
    )


def count(question: Question, counties: list[int]) -> Places:
    """What these counties count to now, by county and place."""
    cut = Cut(question.as_of, question.period_from, question.age)
    found = []
    for base in Base:
        rows = rows_within(base, Q(county_id__in=counties), cut).annotate(at=place_of())
        found += [
            ((base, json.dumps(cell.values, sort_keys=True)), cell)
            for cell in grouped(base, rows, "county_id", "at")
        ]
    numbers = _numbers({key for key, _cell in found})
    places: Places = defaultdict(list)
    for key, cell in found:
        county, place = cell.place
        places[county, place].append((numbers[key], cell.n))
    return places


def _numbers(keys: set[tuple[Base, str]]) -> dict[tuple[str, str], int]:
    """The number of each cell; new ones get one."""
    TallyCell.objects.bulk_create(
        [TallyCell(base=base, values=json.loads(values)) for base, values in sorted(keys)],
        ignore_conflicts=True,
    )
    return {
        (cell.base, json.dumps(cell.values, sort_keys=True)): cell.pk
        for cell in TallyCell.objects.all()
    }


def night(now: dt.datetime) -> None:
    """Once a day: wish for what is asked every day, drop what nobody asks, look for mistakes."""
    if Check.objects.filter(at__gt=now - dt.timedelta(hours=20)).exists():
        return
    units = {
        each.unit
        for each in Wish.objects.filter(asked_at__gte=now - STANDING_FOR).select_related("unit")
    }
    for unit in units:
        for cut in standing(timezone.localdate(now)):
            wish(unit or Unit(path="/"), cut)
    with _alone() as is_alone:
        if is_alone:
            drop_old()
            check()


def standing(today: dt.date) -> list[Cut]:
    """Today and yesterday, the last day of the month and of the quarter before."""
    month = today.replace(day=1)
    quarter = month.replace(month=month.month - (month.month - 1) % 3)
    day = dt.timedelta(days=1)
    days = dict.fromkeys([today, today - day, month - day, quarter - day])
    return [Cut(each, each.replace(month=1, day=1)) for each in days]


def drop_old() -> None:
    """What an earlier release meant goes, and what nobody has asked for longest."""
    Question.objects.exclude(meaning=meaning()).delete()
    newest = Question.objects.order_by("-asked_at", "-pk").values_list("pk", flat=True)
    Question.objects.exclude(pk__in=list(newest[:QUESTIONS_KEPT])).delete()


def check(sample: int = 20) -> Check:
    """Count a random sample of kept answers again; a difference is an error of this program."""
    with _one_moment():
        forgotten = concerned(list(Touched.objects.values_list("pk", flat=True)))
        kept = Tally.objects.filter(place="").exclude(county_id__in=forgotten)
        chosen = list(kept.select_related("question").order_by("?")[:sample])
        wrong = [
            (each.question_id, each.county_id)
            for each in chosen
            if _as_kept(each) != _as_counted(each)
        ]
        for question, county in wrong:
            logger.error("kept answer %s of county %s differs from a new count", question, county)
            Tally.objects.filter(question=question, county_id=county).delete()
        return Check.objects.create(compared=len(chosen), differing=len(wrong))


def _as_kept(kept: Tally) -> set[tuple[str, int, int]]:
    rows = Tally.objects.filter(question=kept.question, county_id=kept.county_id)
    return {
        (row.place, cell, n) for row in rows for cell, n in zip(row.cells, row.counts, strict=True)
    }


def _as_counted(kept: Tally) -> set[tuple[str, int, int]]:
    places = count(kept.question, [kept.county_id])
    return {(place, cell, n) for (_county, place), cells in places.items() for cell, n in cells}


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other worker is at it; the lock goes with the connection, if that breaks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction of its own in which every statement sees the same moment."""
    is_inside = connection.in_atomic_block  # of a test, where nobody else writes
    with transaction.atomic():
        if not is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
