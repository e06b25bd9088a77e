"""历史沿革: what became of a unit, in words, from what was entered about it and its neighbours."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from units.models import FormerName, Unit, UnitEvent, Verb

MOST = 200
SHOWN = 3


class Entry(NamedTuple):
    on: dt.date | None  # None: nobody said from which day
    entered_at: dt.datetime
    by: Any  # a user; None for a command
    sentence: str


def entries(unit: Unit) -> list[Entry]:
    """The newest day first. Units are called what they were called on the day. Two queries.

    Units that came or went together (the villages of a township that was merged) are one entry.
    """
    about = Q(unit=unit) | Q(origin=unit) | Q(target=unit)
    events = list(
        UnitEvent.objects.filter(about).select_related("unit", "origin", "target", "created_by")
        .order_by("-created_at", "-pk")[:MOST]
    )  # fmt: skip
    called = _Called(events)
    told = []
    for key, together in groupby(events, key=lambda event: _of_one_kind(unit, event)):
        [event, *others] = together
        day = event.on or timezone.localdate(event.created_at)
        names = [called.on(each.unit, day) for each in (event, *others)] if key[0] else []
        sentence = _sentence(unit, event, called, day, names)
        told.append(Entry(event.on, event.created_at, event.created_by, sentence))
    return sorted(told, key=lambda entry: entry.on or _day(entry), reverse=True)


def _of_one_kind(unit: Unit, event: UnitEvent) -> tuple[Any, ...]:
    if event.verb == Verb.MOVE and event.unit_id != unit.pk:
        return (True, event.on, event.origin_id, event.target_id)
    return (False, event.pk)


class _Called:
    """Names of the units of some events, on any day."""

    def __init__(self, events: list[UnitEvent]) -> None:
        ids = {pk for event in events for pk in (event.unit_id, event.origin_id, event.target_id)}
        self.former = list(FormerName.objects.filter(unit__in=ids - {None}))

    def on(self, unit: Unit, day: dt.date) -> str:
        for former in self.former:
            if former.unit_id == unit.pk and former.was_borne_on(day):
                return former.name
        return unit.name


def _day(entry: Entry) -> dt.date:
    return timezone.localdate(entry.entered_at)


def _sentence(unit: Unit, event: UnitEvent, called: _Called, day: dt.date, moved: list[str]) -> str:
    if event.verb == Verb.RENAME:
        # A day before, the old name; the new one is that of the day.
        new = called.on(unit, day)
        return _("Renamed from 「%(old)s」 to 「%(new)s」") % {"old": event.detail, "new": new}
    if event.verb == Verb.CORRECT:
        return _correction(event)
    names = {
        "unit": "」、「".join(moved[:SHOWN] or [called.on(event.unit, day)]),
        "n": len(moved),
        "origin": called.on(event.origin, day) if event.origin else event.detail,
        "target": called.on(event.target, day) if event.target else "",
    }
    return str(_words(unit, event, len(moved) > SHOWN) % names)


def _correction(event: UnitEvent) -> str:
    said = []
    if event.old_kind != event.new_kind:
        kinds = {"old": event.get_old_kind_display(), "new": event.get_new_kind_display()}
        said.append(_("Kind corrected from 「%(old)s」 to 「%(new)s」") % kinds)
    if event.old_code != event.new_code:
        none = _("no code")
        codes = {"old": event.old_code or none, "new": event.new_code or none}
        said.append(_("Division code corrected from %(old)s to %(new)s") % codes)
    return _("%(what)s (reason: %(reason)s)") % {"what": "；".join(said), "reason": event.reason}


def _words(unit: Unit, event: UnitEvent, is_many: bool) -> str:
    if event.verb == Verb.MOVE and event.unit_id != unit.pk:
        if is_many and event.target_id == unit.pk:
            return _("「%(unit)s」 and others, %(n)d units, came here from 「%(origin)s」")
        if is_many:
            return _("「%(unit)s」 and others, %(n)d units, went from here to 「%(target)s」")
        if event.target_id == unit.pk:
            return _("「%(unit)s」 came here from 「%(origin)s」")
        return _("「%(unit)s」 went from here to 「%(target)s」")
    if event.verb == Verb.MERGE and event.unit_id != unit.pk:
        return _("「%(unit)s」 was merged into this unit")
    if event.verb == Verb.MOVE and event.target_id is None:
        return _("Moved; stood below 「%(origin)s」 until then")
    return {
        Verb.CREATE: _("Set up"),
        Verb.MOVE: _("Moved from 「%(origin)s」 to 「%(target)s」"),
        Verb.MERGE: _("Closed down and merged into 「%(target)s」"),
        Verb.CLOSE: _("Closed down"),
        Verb.REOPEN: _("In use again"),
    }[Verb(event.verb)]
