"""Many write at once while a worker keeps answers: at every moment the answer is a new count's."""

from __future__ import annotations

import threading
from random import Random

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from activities.models import Session
from cadres.models import Cadre, Mentee, MenteeCategory, Posting
from pairings.models import Pairing, PairingEvent
from stats import figures, rolling, tallies
from stats.bases import rows_within
from stats.cuts import Cut
from stats.grouping import grouped
from stats.models import Tally, Touched
from stats.shapes import Base
from tests.conftest import TREE
from tests.factories import make_cadre, make_units
from tests.stats.population import Dice, populate

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WRITERS, WRITES, READS = 8, 6, 4


def said(table) -> dict[str, dict[str, int]]:
    return {line.key: {code: n for code, n in line.counts.items() if n} for line in table.lines}


def _session(chance: Random) -> None:
    pairing = chance.choice(list(Pairing.objects.all()[:40]))
    Session.objects.create(
        pairing=pairing, happened_on=timezone.localdate(), method="on_site", topic="议事"
    )


def _move(chance: Random) -> None:
    """The person's row first, as the pages do it."""
    places = list(Posting.objects.order_by().values_list("unit", flat=True).distinct())
    post = chance.choice(list(Posting.objects.filter(is_main=True, to_on=None)[:40]))
    unit = type(post.unit).objects.get(pk=chance.choice(places))
    with transaction.atomic():
        cadre = Cadre.objects.select_for_update().get(pk=post.cadre_id)
        held = cadre.postings.filter(is_main=True, to_on=None).first()
        if held is not None:
            held.put_in(unit)
            held.save()


def _correct(chance: Random) -> None:
    person = chance.choice(list(Cadre.objects.values_list("pk", flat=True)[:60]))
    Cadre.objects.filter(pk=person).update(
        birth_month=chance.choice(["1970-01", "1999-01"]), education=chance.choice(["21", "31"])
    )


def _end(chance: Random) -> None:
    pairing = chance.choice(list(Pairing.objects.exclude(role="substitute")[:40]))
    PairingEvent.objects.create(
        pairing=pairing,
        verb="suspend",
        from_state="active",
        to_state=chance.choice(["active", "suspended", "terminated"]),
        on=timezone.localdate(),
    )


def _entry(chance: Random) -> None:
    entry = chance.choice(list(Mentee.objects.values_list("pk", flat=True)[:40]))
    kind = chance.choice(list(MenteeCategory.objects.all()))
    Mentee.objects.filter(pk=entry).update(category=kind)


def _person(chance: Random) -> None:
    unit = chance.choice(list(Posting.objects.select_related("unit")[:20])).unit
    make_cadre(unit=unit, name="新人")


KINDS = (_session, _move, _correct, _end, _entry, _person)


@pytest.fixture
def county(monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    found = make_units(TREE)
    tree = type("Tree", (), found)
    populate(tree, 12, people=30, records=60)
    return tree


def run(count: int, work) -> list[BaseException]:
    """So many threads, each with its number; what went wrong in any of them."""
    wrong: list[BaseException] = []

    def go(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # told by the test itself
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def both(units, cut: Cut) -> tuple[list, list]:
    """The answers as kept, and counted anew, of one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        kept = [said(figures.table(unit, cut.as_of)) for unit in units]
        truth = []
        for unit in units:
            within = tallies.rows_of_unit(unit)
            truth.append(anew(unit, cut, within))
        return kept, truth


def anew(unit, cut: Cut, within) -> dict[str, dict[str, int]]:
    cells = [
        cell
        for base in Base
        for cell in grouped(
            base, rows_within(base, within, cut).annotate(at=tallies.child_of(unit)), "at"
        )
    ]
    table = figures.filled(unit, cut, figures.Asked.of(None), figures.places(unit), cells)
    shown = {line.key for line in figures.table(unit, cut.as_of).lines}
    return {key: counts for key, counts in said(table).items() if key in shown}


def test_at_every_moment_the_answer_is_a_new_counts(county):
    cut = Cut.at(timezone.localdate())
    units = (county.province, county.city)
    for unit in units:
        tallies.wish(unit, cut)
    rolling.work(seconds=60)
    done, compared, steps = threading.Event(), [], []

    def write(number: int) -> None:
        chance = Dice(number)
        for _ in range(WRITES):
            chance.choice(KINDS)(chance)

    def read(_number: int) -> None:
        close_old_connections()
        while not done.is_set() or len(compared) < READS:
            compared.append(both(units, cut))

    def roll(_number: int) -> None:
        while not done.is_set():
            steps.append(rolling.work(seconds=5))

    side = []
    helpers = [
        threading.Thread(target=lambda work=work: side.extend(run(1, work)))
        for work in (read, roll)
    ]
    for each in helpers:
        each.start()
    wrong = run(WRITERS, write)
    done.set()
    for each in helpers:
        each.join()
    assert (wrong, side) == ([], [])
    assert [kept for kept, _truth in compared] == [truth for _kept, truth in compared]
    assert sum(steps) > 0
    rolling.work(seconds=60)
    assert not Touched.objects.exists()
    kept, truth = both(units, cut)
    assert kept == truth
    assert Tally.objects.exists()


def test_of_two_workers_one_waits_for_its_next_turn(county):
    cut = Cut.at(timezone.localdate())
    tallies.wish(county.city, cut)
    with rolling._alone() as is_alone:
        assert is_alone
        found: list[int] = []
        assert run(1, lambda _number: found.append(rolling.work(seconds=5))) == []
        assert found == [0]
    assert rolling.work(seconds=60) > 0
