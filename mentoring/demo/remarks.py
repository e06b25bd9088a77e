"""Comments on invented records, and what the pair that the demo signs in as confirms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from activities.models import Comment, Confirmation, Session, Visit
from mentoring.demo import texts
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from pairings.models import Pairing
from pairings.states import State
from units.models import Unit

COMMENTED = 60  # sessions of the county that the office has commented
WRITTEN = 5  # of the shown pair's latest records, by the two themselves


def enter(county: Unit, shown: Pairing | None, *, by: User, chance: Chance) -> int:
    """How many comments; three of them, and what waits for a word, on the shown pair's records."""
    rows = Session.objects.filter(county=county, pairing__state=State.ACTIVE).exclude(pairing=shown)
    rows = rows.select_related("unit")
    latest = list(rows.order_by("-happened_on", "-id")[: 3 * COMMENTED : 3])
    made = [
        _said(row, chance.choice(texts.REMARKS_OF_OFFICE), by, _after(row, chance), chance)
        for row in latest
    ]
    made += _of_pair(shown, by, chance) if shown is not None else []
    return copy_rows(made)


def _of_pair(pairing: Pairing, office: User, chance: Chance) -> list[Comment]:
    """The two wrote their latest records themselves: some are confirmed, some wait."""
    mentor, mentee = pairing.mentor_cadre.user, pairing.mentee.user
    order = ("-happened_on", "-id")
    sessions = list(Session.objects.filter(pairing=pairing).order_by(*order)[:WRITTEN])
    visits = list(Visit.objects.filter(pairing=pairing).order_by(*order)[:WRITTEN])
    if mentor is None or mentee is None or not sessions:
        return []
    for number, row in enumerate([*sessions, *visits]):
        writer = mentor if number % 2 and isinstance(row, Session) else mentee
        own: dict[str, Any] = {"created_by": writer, "is_on_behalf": False}
        type(row).objects.filter(pk=row.pk).update(**own)
    for number, row in enumerate(sessions[2:]):
        at = _after(row, chance)
        Confirmation.objects.create(
            id=chance.uuid_at(at), session=row, confirmed_at=at,
            confirmed_by=mentee if number % 2 else mentor,
        )  # fmt: skip
    begun = _after(sessions[0], chance)
    made = []
    for number, (who, text) in enumerate(zip((mentor, mentee, office), texts.REMARKS, strict=True)):
        at = begun + dt.timedelta(minutes=9 * number)
        made.append(_said(sessions[0], text, who, at, chance, is_from_office=who == office))
    return made


def _after(row: Session, chance: Chance) -> dt.datetime:
    return chance.moment(min(row.happened_on + dt.timedelta(days=1), chance.today))


def _said(
    row: Session,
    text: str,
    by: User,
    at: dt.datetime,
    chance: Chance,
    *,
    is_from_office: bool = True,
) -> Comment:
    said = Comment(
        id=chance.uuid_at(at),
        session=row,
        pairing_id=row.pairing_id,
        text=text,
        created_by=by,
        created_at=at,
        is_from_office=is_from_office,
    )
    said.put_in(row.unit)
    return said
