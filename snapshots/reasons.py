"""Why a row is counted otherwise now than when the figures were sealed: what was entered since.

A past day is answered by what is on record; so only entries made after the sealing can change
the answer. Those that concern the row and reach back to the cut-off day are its reasons. A
correction has no day of effect: it says what was always so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Assignment, Review, Session, Submission, Visit
from cadres.models import Cadre, CadreEvent, CadreVerb, MenteeEvent, MenteeVerb
from certificates.models import Certificate
from mentors.models import MentorEvent
from pairings.models import Pairing, PairingEvent
from rosters.models import BatchEvent
from rosters.states import State as BatchState
from stats.shapes import Base
from units.models import Unit, UnitEvent, Verb


class Reason(NamedTuple):
    """What was entered, when and by whom; `on` is the day from which it holds."""

    said: str | Promise
    at: dt.datetime
    by: str
    on: dt.date | None = None


# What was being written while the figures were sealed has an earlier time than the seal.
MEANWHILE = dt.timedelta(minutes=30)
# Facts of a person that figures read; a telephone number corrected is no reason for anything.
COUNTED_FACTS = {
    "birth_month", "education", "gender", "later_education", "political_status", "staffing",
}  # fmt: skip
# Verbs of a person that no figure reads, or that are told otherwise; those of an appointment that
# figures do read; those of an entry that say what was always so.
_BESIDE = (CadreVerb.ADD_POST, CadreVerb.END_POST, CadreVerb.REGISTER)
_APPOINTS = ("appoint", "import", "edit", "end")
_ALWAYS_SO = (MenteeVerb.CORRECT, MenteeVerb.REOPEN)
_RECORD_LATE = _("record entered after the sealing")
Found = Iterator[tuple[UUID, Reason]]
Source = Callable[[set[UUID], dt.datetime], Found]


class Entered:
    """What was entered since a sealing that can be the reason why rows of a base differ.

    As many queries for one key as for a thousand.
    """

    def __init__(self, base: Base, keys: Iterable[UUID], *, since: dt.datetime) -> None:
        asked, self._of = set(keys), defaultdict[UUID, set[Reason]](set)
        for source in SOURCES[base]:
            for key, reason in source(asked, since - MEANWHILE):
                self._of[key].add(reason)

    def of(self, key: UUID) -> set[Reason]:
        return self._of.get(key, set())


def nearest(found: Iterable[Reason], *, since: dt.datetime, as_of: dt.date) -> list[Reason]:
    """Of what was entered, oldest first: what reaches back to the day. Where nothing does, what
    was entered since; where nothing was, what was being entered while the figures were sealed."""
    every = sorted(found, key=lambda reason: reason.at)
    later = [reason for reason in every if reason.at > since]
    in_effect = [reason for reason in later if reason.on is None or reason.on <= as_of]
    return in_effect or later or every


class Moves:
    """Changes of the tree below a unit, or out of it, entered since a sealing."""

    def __init__(self, unit: Unit, *, since: dt.datetime) -> None:
        below = Q()
        for end in ("unit", "origin", "target"):
            below |= Q(**{f"{end}__path__startswith": unit.path})
        events = UnitEvent.objects.filter(below, created_at__gt=since - MEANWHILE)
        events = events.filter(verb__in=(Verb.MOVE, Verb.MERGE, Verb.CORRECT))
        self._found = [
            (_touched(event), _of_unit(event))
            for event in events.select_related("unit", "origin", "target", "created_by")
        ]

    def between(self, *places: str | None) -> list[Reason]:
        """Those that can have taken a row from one line of the table to the other."""
        lines = {place for place in places if place and place.isdecimal()}
        return [why for touched, why in self._found if not lines or lines & touched]


def _touched(event: UnitEvent) -> set[str]:
    """The ids of all units that the event names, and of those above them."""
    ends = (event.unit, event.origin, event.target)
    return {piece for end in ends if end for piece in end.path.split("/") if piece}


def _of_unit(event: UnitEvent) -> Reason:
    said = f"{event.unit}：{event.get_verb_display()}"
    on = None if event.verb == Verb.CORRECT else event.on
    return Reason(said, event.created_at, _by(event), on)


def gone(unit: Unit, *, since: dt.datetime) -> list[Reason]:
    """Why rows are on record no more: rosters of the unit whose import was undone."""
    events = BatchEvent.objects.filter(
        to_state=BatchState.UNDONE, at__gt=since, batch__unit__path__startswith=unit.path
    ).select_related("actor")
    said = _("roster import undone")
    return [Reason(said, event.at, _by(event)) for event in events.order_by("at", "pk")]


def _made_late(model: type[Model], said: str | Promise) -> Source:
    def source(keys: set[UUID], since: dt.datetime) -> Found:
        rows = model._default_manager.filter(pk__in=keys, created_at__gt=since)
        for row in rows.select_related("created_by"):
            yield row.pk, Reason(said, row.created_at, _by(row))  # type: ignore[attr-defined]

    return source


def _of_people(keys: set[UUID], since: dt.datetime) -> Found:
    events = CadreEvent.objects.filter(cadre__in=keys, at__gt=since).exclude(verb__in=_BESIDE)
    for event in events.select_related("actor"):
        if event.verb == CadreVerb.CORRECT and not COUNTED_FACTS & {*event.fields}:
            continue
        corrected = "、".join(event.field_labels)
        said = event.get_verb_display() + (f"（{corrected}）" if corrected else "")
        on = None if event.verb == CadreVerb.CORRECT_POST else event.on
        yield event.cadre_id, Reason(said, event.at, _by(event), on)


def _of_appointments(keys: set[UUID], since: dt.datetime) -> Found:
    rows = MentorEvent.objects.filter(mentor__cadre__in=keys, at__gt=since, verb__in=_APPOINTS)
    for event in rows.select_related("actor", "mentor"):
        on = None if event.verb == "edit" else event.on
        yield event.mentor.cadre_id, Reason(event.label, event.at, _by(event), on)


def _of_entries(keys: set[UUID], since: dt.datetime) -> Found:
    rows = MenteeEvent.objects.filter(mentee__cadre__in=keys, at__gt=since)
    for event in rows.select_related("actor", "mentee"):
        on = None if event.verb in _ALWAYS_SO else event.on
        yield event.mentee.cadre_id, Reason(event.label, event.at, _by(event), on)


def _of_own_pairs(keys: set[UUID], since: dt.datetime) -> Found:
    """Of a mentee's pairs: who is a mentee, or who was one before becoming a mentor."""
    rows = PairingEvent.objects.filter(_counts(), pairing__mentee__in=keys, at__gt=since)
    for event in rows.select_related("actor", "pairing", "reverses"):
        yield event.pairing.mentee_id, _moved(event)


def _of_teachers(keys: set[UUID], since: dt.datetime) -> Found:
    """Of a mentor's own mentors: by their pairs and records the generations are counted."""
    taught = defaultdict[UUID, set[UUID]](set)
    lessons = Pairing.objects.counted().filter(mentee__in=keys)
    for teacher, mentor in lessons.values_list("mentor_cadre", "mentee"):
        taught[teacher].add(mentor)
    for source in (_of_own_pairs, _of_merges):
        for teacher, reason in source(set(taught), since):
            said = _("of the mentor's own mentor: %(said)s") % {"said": reason.said}
            yield from ((mentor, reason._replace(said=said)) for mentor in taught[teacher])


def _of_merges(keys: set[UUID], since: dt.datetime) -> Found:
    verbs = (CadreVerb.MERGE, CadreVerb.UNDO_MERGE)
    events = CadreEvent.objects.filter(cadre__in=keys, at__gt=since, verb__in=verbs)
    for event in events.select_related("actor"):
        yield event.cadre_id, Reason(event.get_verb_display(), event.at, _by(event))


def _of_pairs(keys: set[UUID], since: dt.datetime) -> Found:
    rows = PairingEvent.objects.filter(_counts(), pairing__in=keys, at__gt=since)
    rows = rows.exclude(verb="register")  # told as the pair itself
    for event in rows.select_related("actor", "reverses"):
        yield event.pairing_id, _moved(event)


def _counts() -> Q:
    """Steps that figures read: another state, or a term where there was none."""
    return ~Q(from_state=F("to_state")) | Q(new_to_on__isnull=False)


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
    Base.MENTORS: (*_PEOPLE, _of_appointments, _of_own_pairs, _of_teachers),
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
