"""Programmes and wishes for tests; keyword-only arguments, sensible defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from cadres.models import Cadre
from mentors.models import Mentor
from programmes.models import Preference, Programme, ProgrammeEvent
from programmes.states import State
from units.models import Unit

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def make_programme(*, unit: Unit, state: str = State.DRAFT, **fields: Any) -> Programme:
    """A programme of this year; without its days for wishes it has none."""
    fields.setdefault("year", 2026)
    fields.setdefault("title", "2026年度结对")
    fields.setdefault("from_on", dt.date(2026, 12, 1))
    programme = Programme.objects.create(unit=unit, state=state, **fields)
    ProgrammeEvent.objects.create(programme=programme, verb="create", to_state=state)
    return programme


def make_collecting(*, unit: Unit, **fields: Any) -> Programme:
    """One whose window of wishes is open from yesterday to tomorrow."""
    fields.setdefault("wishes_from_on", TODAY - DAY)
    fields.setdefault("wishes_to_on", TODAY + DAY)
    return make_programme(unit=unit, state=State.COLLECTING, **fields)


def make_wish(
    *, programme: Programme, side: str, mentor: Mentor, mentee: Cadre, nth: int = 1, **fields: Any
) -> Preference:
    return Preference.objects.create(
        programme=programme, side=side, mentor=mentor, mentee=mentee, nth=nth, **fields
    )
