"""Running a programme: its settings, the copy for the next year, the steps that days allow."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.once import once
from programmes import publishing
from programmes.models import NotNow, Programme, ProgrammeEvent, StaleMove
from programmes.states import SETTABLE, State

# What an office sets; a copy takes all of them over, the days a year later.
SETTINGS = (
    "year", "title", "basis", "from_on", "to_on", "wishes_from_on", "wishes_to_on",
    "most_wishes", "remark",
)  # fmt: skip
# What they ask of the list, the list says itself.
OF_THE_LIST = ("check", "approve", "publish")


def create(programme: Programme, *, by: User, key: uuid.UUID | None) -> Programme:
    """Save a new programme with its first event.

    IntegrityError where the unit has one of this year and title.
    """

    def make() -> Programme:
        programme.created_by, programme.client_key = by, key
        programme.save()
        _note(programme, "create", by=by)
        return programme

    return once(Programme, by=by, key=key, make=make)


@transaction.atomic
def edit(programme: Programme, settings: dict[str, Any], *, by: User) -> ProgrammeEvent | None:
    """Other settings, while it is being prepared; None where nothing changed, else StaleMove."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    before = Programme.objects.get(pk=programme.pk)
    changed = [name for name in SETTINGS if getattr(before, name) != settings[name]]
    if before.state not in SETTABLE:
        raise StaleMove("edit")
    if not changed:
        return None
    Programme.objects.filter(pk=programme.pk).update(**{name: settings[name] for name in changed})
    labels = [str(Programme._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    return _note(before, "edit", by=by, reason="、".join(labels))


def copy(programme: Programme, *, by: User, key: uuid.UUID | None) -> Programme:
    """The same programme a year later, without pairs and wishes; NotNow where it is there."""
    if programme.unit.closed_on:
        raise NotNow(_("%(unit)s is closed.") % {"unit": programme.unit})
    later = Programme(unit=programme.unit, copied_from=programme)
    for name in SETTINGS:
        setattr(later, name, getattr(programme, name))
    later.year = programme.year + 1
    later.title = programme.title.replace(str(programme.year), str(later.year))
    for name in ("from_on", "to_on", "wishes_from_on", "wishes_to_on"):
        if day := getattr(programme, name):
            setattr(later, name, a_year_on(day, is_last=name.endswith("to_on")))

    def make() -> Programme:
        later.created_by, later.client_key = by, key
        later.save()
        _note(later, "copy", by=by, reason=str(programme))
        return later

    try:
        return once(Programme, by=by, key=key, make=make)
    except IntegrityError:
        sentence = _("%(unit)s has a programme “%(title)s” of %(year)d already.")
        values = {"unit": later.unit, "title": later.title, "year": later.year}
        raise NotNow(sentence % values) from None


def a_year_on(day: dt.date, *, is_last: bool = False) -> dt.date:
    """The same day of the next year; the last day of February stays the last one."""
    if is_last:
        return a_year_on(day + dt.timedelta(days=1)) - dt.timedelta(days=1)
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def move(
    programme: Programme, verb: str, *, by: User, reason: str = "", document: str = ""
) -> ProgrammeEvent:
    """Carry out a verb of MOVES; StaleMove as `Programme.move`, NotNow where a day forbids it."""
    if sentence := obstacle(programme, verb, timezone.localdate()):
        raise NotNow(sentence)
    if verb in OF_THE_LIST:
        return publishing.move(programme, verb, by=by, reason=reason, document=document)
    return programme.move(verb, by=by, reason=reason, document=document)


def obstacle(programme: Programme, verb: str, today: dt.date) -> str:
    """Why a day forbids the verb, in a sentence; empty when none does."""
    last = programme.wishes_to_on
    if last is None:
        return ""
    day = {"day": date_format(last, "Y年n月j日")}
    if verb == "collect" and last < today:
        return _("The days for wishes ended on %(day)s: change them first.") % day
    if verb == "draw_up" and programme.state == State.COLLECTING and last >= today:
        return _("Wishes may be changed until %(day)s; the list is drawn up after that day.") % day
    return ""


def close_windows(today: dt.date | None = None) -> int:
    """Begin the list where the days for wishes have ended; how many that were."""
    today = today or timezone.localdate()
    closed = 0
    for programme in Programme.objects.filter(state=State.COLLECTING, wishes_to_on__lt=today):
        try:
            programme.move("draw_up", by=None)
        except StaleMove:
            continue  # somebody was quicker
        closed += 1
    return closed


def _note(programme: Programme, verb: str, *, by: User, reason: str = "") -> ProgrammeEvent:
    return ProgrammeEvent.objects.create(
        programme=programme, actor=by, verb=verb, to_state=programme.state, reason=reason[:300]
    )
