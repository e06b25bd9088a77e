"""Matters that visits of the demo's county left open: most are settled by a later visit."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, islice

from accounts.models import User
from activities.models import OpenMatter, Visit
from mentoring.demo import texts
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from pairings.models import Pairing
from pairings.states import State
from units.models import Unit

PAIRS = 40
VISITS = 6  # new ones of the pair that the demo signs in as
STILL_OPEN = 3  # of those


def enter(county: Unit, shown: Pairing | None, *, by: User, chance: Chance) -> int:
    """For the shown pair some open and some settled, for others one of each; how many."""
    rows = Visit.objects.filter(pairing__county=county, pairing__state=State.ACTIVE)
    rows = rows.exclude(pairing=shown).select_related("created_by")
    rows = rows.order_by("pairing_id", "happened_on", "pk")
    made = _of_pair(_walks(shown, by, chance), STILL_OPEN, by, chance) if shown else []
    groups = (list(group) for _pk, group in groupby(rows, key=lambda visit: visit.pairing_id))
    for visits in islice((group for group in groups if len(group) > 1), PAIRS):
        made += _of_pair(visits[-2:], 1, by, chance)
    return copy_rows(made)


def _walks(shown: Pairing, by: User, chance: Chance) -> list[Visit]:
    """Visits of the last weeks, made here: the shown pair of a small demo may have none."""
    first = max(shown.from_on, chance.today - dt.timedelta(days=VISITS * 9))
    days = sorted(chance.day(first, chance.today) for _ in range(VISITS))
    made = []
    for number, day in enumerate(days):
        at = chance.moment(day)
        row = Visit(
            id=chance.uuid_at(at), pairing=shown, created_by=shown.mentee.user or by,
            created_at=at, happened_on=day, place_text=texts.PLACES[number % len(texts.PLACES)],
            visited=chance.choice(["household", "firm"]), people_count=chance.randint(1, 6),
            is_with_mentor=bool(number % 2), asked=chance.choice(texts.ASKED),
        )  # fmt: skip
        row.put_in(shown.unit)
        made.append(row)
    copy_rows(made)
    return made


def _of_pair(visits: list[Visit], still_open: int, by: User, chance: Chance) -> list[OpenMatter]:
    """One left open by each of the visits; the latest stay open, the next visit settles others."""
    words = chance.sample(texts.LEFT_OPEN, len(visits))
    last_settled = len(visits) - still_open
    made = []
    for number, (visit, (text, outcome)) in enumerate(zip(visits, words, strict=True)):
        at = chance.moment(visit.happened_on)
        row = OpenMatter(
            id=chance.uuid_at(at),
            pairing_id=visit.pairing_id,
            raised_in=visit,
            raised_on=visit.happened_on,
            text=text,
            created_by=visit.created_by or by,
            created_at=at,
        )
        if number < last_settled:
            later = visits[number + 1]
            row.closed_in, row.closed_on, row.closed_note = later, later.happened_on, outcome
            row.closed_by = later.created_by or by
            row.closed_at = chance.moment(later.happened_on)
            row.closed_for_id, row.closed_path = later.pairing_id, later.unit.path
        made.append(row)
    return made
