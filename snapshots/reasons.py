"""Why a row is counted otherwise now than when the figures were sealed: what was entered since.

A past day is answered by what is on record; so only entries made after the sealing can change
the answer. Those that concern the row and reach back to the cut-off day are its reasons.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Assignment, Review, Session, Submission, Visit
from cadres.models import Cadre, CadreEvent, MenteeEvent
from certificates.models import Certificate
from mentors.models import MentorEvent
from pairings.models import Pairing, PairingEvent
from stats.shapes import Base
from units.models import UnitEvent


class Reason(NamedTuple):
    """What was entered, when and by whom; `on` is the day from which it holds."""

    said: str | Promise
    at: dt.datetime
    by: str
    on: dt.date | None = None


_RECORD_LATE = _("record entered after the sealing")
Found = Iterator[tuple[UUID, Reason]]
Source = Callable[[set[UUID], dt.datetime], Found]


def reasons(
    base: Base, keys: Iterable[UUID], *, since: dt.datetime, as_of: dt.date
) -> dict[UUID, list[Reason]]:
    """The reasons of each key, oldest first; a key without any is not among them.

    As many queries for one key as for a thousand.
    """
    asked, found = set(keys), defaultdict[UUID, list[Reason]](list)
    for source in SOURCES[base]:
        for key, reason in source(asked, since):
            if reason.on is None or reason.on <= as_of:
                found[key].append(reason)
    for each in found.values():
        each.sort(key=lambda reason: reason.at)
    return dict(found)


def moves_of_units(since: dt.datetime, as_of: dt.date, path: str) -> list[Reason]:
    """Changes of the tree below (or out of) a unit, entered since and in effect by that day."""
    events = UnitEvent.objects.filter(
        Q(unit__path__startswith=path) | Q(origin__path__startswith=path), created_at__gt=since
    ).select_related("unit", "created_by")
    return [
        Reason(f"{event.unit}：{event.get_verb_display()}", event.created_at, _by(event), event.on)
        for event in events.order_by("created_at", "pk")
        if event.on is None or event.on <= as_of
    ]


def _made_late(model: type[Model], said: str | Promise) -> Source:
    def source(keys: set[UUID], since: dt.datetime) -> Found:
        rows = model._default_manager.filter(pk__in=keys, created_at__gt=since)
        for row in rows.select_related("created_by"):
            yield row.pk, Reason(said, row.created_at, _by(row))  # type: ignore[attr-defined]

    return source


def _of_people(keys: set[UUID], since: dt.datetime) -> Found:
    events = CadreEvent.objects.filter(cadre__in=keys, at__gt=since).select_related("actor")
    for event in events:
        corrected = "、".join(event.field_labels)
        said = event.get_verb_display() + (f"（{corrected}）" if corrected else "")
        # A correction of facts holds from ever; its day is that of its entry.
        yield event.cadre_id, Reason(said, event.at, _by(event), event.on)


def _of_appointments(keys: set[UUID], since: dt.datetime) -> Found:
    rows = MentorEvent.objects.filter(mentor__cadre__in=keys, at__gt=since)
    for event in rows.select_related("actor", "mentor"):
        yield event.mentor.cadre_id, Reason(event.label, event.at, _by(event), event.on)


def _of_entries(keys: set[UUID], since: dt.datetime) -> Found:
    rows = MenteeEvent.objects.filter(mentee__cadre__in=keys, at__gt=since)
    for event in rows.select_related("actor", "mentee"):
        yield event.mentee.cadre_id, Reason(event.label, event.at, _by(event), event.on)


def _of_own_pairs(keys: set[UUID], since: dt.datetime) -> Found:
    """Of a mentee's pairs: who is a mentee, or who was one before becoming a mentor."""
    rows = PairingEvent.objects.filter(pairing__mentee__in=keys, at__gt=since)
    for event in rows.select_related("actor", "pairing", "reverses"):
        yield event.pairing.mentee_id, _moved(event)


def _of_pairs(keys: set[UUID], since: dt.datetime) -> Found:
    rows = PairingEvent.objects.filter(pairing__in=keys, at__gt=since)
    for event in rows.select_related("actor", "reverses"):
        yield event.pairing_id, _moved(event)


def _moved(event: PairingEvent) -> Reason:
    # What is taken back never was: the reversal reaches back as far as the step it takes back.
    on = event.reverses.on if event.reverses else event.on
    return Reason(event.label, event.at, _by(event), on)


def _of_mentees_of_pairs(of: Callable[[set[UUID], dt.datetime], Found]) -> Source:
    """What was entered of a pair's mentee, by the pair."""

    def source(keys: set[UUID], since: dt.datetime) -> Found:
        pairs = defaultdict[UUID, list[UUID]](list)
        for pk, mentee in Pairing.objects.filter(pk__in=keys).values_list("pk", "mentee"):
            pairs[mentee].append(pk)
        for mentee, reason in of(set(pairs), since):
            yield from ((pk, reason) for pk in pairs[mentee])

    return source


def _of_reviews(keys: set[UUID], since: dt.datetime) -> Found:
    rows = Review.objects.filter(assignment__in=keys, created_at__gt=since)
    for review in rows.select_related("created_by"):
        said = review.get_verdict_display()
        yield review.assignment_id, Reason(said, review.created_at, _by(review))


def _of_hand_ins(keys: set[UUID], since: dt.datetime) -> Found:
    rows = Submission.objects.filter(assignment__in=keys, created_at__gt=since)
    for row in rows.select_related("created_by"):
        yield row.assignment_id, Reason(_("handed in"), row.created_at, _by(row))


def _of_records(keys: set[UUID], since: dt.datetime) -> Found:
    """Records of a pair, which break its silence."""
    for model in (Session, Visit):
        rows = model._default_manager.filter(pairing__in=keys, created_at__gt=since)
        for row in rows.select_related("created_by"):
            yield row.pairing_id, Reason(_RECORD_LATE, row.created_at, _by(row), row.happened_on)


def _of_certificates(keys: set[UUID], since: dt.datetime) -> Found:
    rows = Certificate.objects.filter(pk__in=keys).defer("pdf")
    for row in rows.select_related("issued_by", "voided_by"):
        if row.issued_at > since:
            yield row.pk, Reason(_("issued after the sealing"), row.issued_at, str(row.issued_by))
        if row.voided_at and row.voided_at > since:
            yield row.pk, Reason(_("voided"), row.voided_at, str(row.voided_by))


def _by(row: Any) -> str:
    return str(getattr(row, "actor", None) or getattr(row, "created_by", None) or "")


_PERSON_LATE = _made_late(Cadre, _("person entered after the sealing"))
_PEOPLE = (_PERSON_LATE, _of_people)
SOURCES: dict[Base, tuple[Source, ...]] = {
    Base.MENTORS: (*_PEOPLE, _of_appointments, _of_own_pairs),
    Base.PEOPLE: _PEOPLE,
    Base.MENTEES: (*_PEOPLE, _of_entries, _of_own_pairs),
    Base.REGISTERED: (*_PEOPLE, _of_entries, _of_own_pairs),
    Base.PAIRS: (
        _made_late(Pairing, _("pairing entered after the sealing")),
        _of_pairs,
        _of_mentees_of_pairs(_of_entries),
        _of_mentees_of_pairs(_of_people),
        _of_records,
    ),
    Base.SESSIONS: (_made_late(Session, _RECORD_LATE),),
    Base.VISITS: (_made_late(Visit, _RECORD_LATE),),
    Base.ASSIGNMENTS: (_made_late(Assignment, _RECORD_LATE), _of_reviews, _of_hand_ins),
    Base.CERTIFICATES: (_of_certificates,),
}
