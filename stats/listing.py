"""The list behind a figure: for each base, how its rows are loaded, sorted and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import BUSINESS_ROLES, User
from activities.models import Method, Visited
from cadres.models import Cadre
from core.months import dotted
from pairings.states import State
from stats.cuts import Text
from stats.shapes import Base


class Labelled(NamedTuple):
    label: Text
    text: str


class Entry(NamedTuple):
    """A row in words. `link` names the page of `pk`, empty where the user may not open it."""

    labelled: list[Labelled]
    link: str
    pk: str


class Listing(NamedTuple):
    order: tuple[str, ...]
    related: tuple[str, ...]
    headers: tuple[Text, ...]
    cells: Callable[[Any], list[str]]
    # So many of the last cells are told only of people whom the reader sees today.
    of_today: int = 0


def _post(row: Any) -> list[str]:
    who = row.cadre
    return [
        who.name,
        row.unit.name,
        row.title or "—",
        dotted(who.birth_month) or "—",
        who.highest_education or "—",
    ]


def _mentor(row: Any) -> list[str]:
    return [row.cadre.name, row.unit.name, row.category.name, f"{row.from_on:%Y-%m-%d}"]


def _pair(row: Any) -> list[str]:
    return [
        str(row),
        row.unit.name,
        f"{row.from_on:%Y-%m-%d}",
        str(State(row.state_now).label),
    ]


def _session(row: Any) -> list[str]:
    return [
        str(row.pairing),
        row.unit.name,
        f"{row.happened_on:%Y-%m-%d}",
        str(Method(row.method).label),
    ]


def _visit(row: Any) -> list[str]:
    together = _("with the mentor") if row.is_with_mentor else _("by the mentee alone")
    return [
        str(row.pairing),
        row.unit.name,
        f"{row.happened_on:%Y-%m-%d}",
        f"{Visited(row.visited).label} · {together}",
    ]


def _assignment(row: Any) -> list[str]:
    return [
        str(row.pairing),
        row.unit.name,
        _day(row.created_at),
        f"{row.due_on:%Y-%m-%d}",
        _day(row.first_in),
        _day(row.decided_at),
    ]


def _day(moment: dt.datetime | None) -> str:
    return f"{timezone.localdate(moment):%Y-%m-%d}" if moment else "—"


def _certificate(row: Any) -> list[str]:
    return [row.serial, str(row.pairing), row.unit.name, f"{row.issued_on:%Y-%m-%d}"]


_PAIR_OF_RECORD = ("pairing__mentor_cadre", "pairing__mentee", "unit")
_POSTED = Listing(
    ("cadre__pinyin", "pk"),
    ("cadre__unit", "unit"),
    (_("name"), _("unit on that day"), _("post"), _("birth month"), _("highest education")),
    _post,
    of_today=2,
)
LISTINGS: dict[Base, Listing] = {
    Base.MENTORS: Listing(
        ("cadre__pinyin", "pk"),
        ("cadre__unit", "unit", "category"),
        (_("name"), _("appointing unit"), _("mentor category"), _("appointed from")),
        _mentor,
    ),
    Base.PEOPLE: _POSTED,
    Base.MENTEES: _POSTED,
    Base.REGISTERED: _POSTED,
    Base.PAIRS: Listing(
        ("mentee__pinyin", "pk"),
        ("mentor_cadre", "mentee", "unit"),
        (_("mentor → mentee"), _("unit"), _("begins"), _("state on that day")),
        _pair,
    ),
    Base.SESSIONS: Listing(
        ("-happened_on", "-pk"),
        _PAIR_OF_RECORD,
        (_("mentor → mentee"), _("unit"), _("date"), _("method")),
        _session,
    ),
    Base.VISITS: Listing(
        ("-happened_on", "-pk"),
        _PAIR_OF_RECORD,
        (_("mentor → mentee"), _("unit"), _("date"), _("visited")),
        _visit,
    ),
    Base.ASSIGNMENTS: Listing(
        ("-created_at", "-pk"),
        _PAIR_OF_RECORD,
        (
            _("mentor → mentee"),
            _("unit"),
            _("set on"),
            _("due on"),
            _("first handed in on"),
            _("accepted on"),
        ),
        _assignment,
    ),
    Base.CERTIFICATES: Listing(
        ("-issued_on", "-pk"),
        _PAIR_OF_RECORD,
        (_("serial number"), _("mentor → mentee"), _("unit"), _("issued on")),
        _certificate,
    ),
}


def entry(base: Base, row: Any, user: User) -> Entry:
    listing = LISTINGS[base]
    cells = list(map(Labelled, listing.headers, listing.cells(row)))
    if base in {Base.MENTORS, Base.PEOPLE, Base.MENTEES, Base.REGISTERED}:
        card = _card(row.cadre, user)
        if not card and listing.of_today:
            cells[-listing.of_today :] = [
                each._replace(text="—") for each in cells[-listing.of_today :]
            ]
        return Entry(cells, card, str(row.cadre_id))
    if base is Base.CERTIFICATES:
        return Entry(cells, "certificates:detail", str(row.pk))
    pairing = row.pk if base is Base.PAIRS else row.pairing_id
    return Entry(cells, "pairings:detail", str(pairing))


def _card(cadre: Cadre, user: User) -> str:
    """The person's page, unless they have moved out of the user's area since that day."""
    return "cadres:detail" if user.governs(cadre.unit, roles=BUSINESS_ROLES) else ""
