"""Taking back the last step of a pair: what may be, what stands against it, what it restores.

docs/decisions/a-step-is-taken-back-by-a-step.md says why it is so narrow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import PROTECT, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent, Policy, StaleMove
from pairings.standing import policy_of
from pairings.states import CALLED_OFF, OPEN, Role, State

_RESTORED = ("state", "to_on", "ended_on", "end_reason", "end_cause", "resumes_on",
             "ceremony_on")  # fmt: skip


class Irreversible(Exception):
    """Something stands against it; the message says what, in Chinese."""


def last_step(pairing: Pairing) -> PairingEvent | None:
    """The last event that stands; None where the pair was only registered."""
    rows = pairing.events.standing().select_related("actor")
    return _step(rows.order_by("-at", "-pk").first())


def last_of(events: Iterable[PairingEvent], policy: Policy, today: dt.date) -> PairingEvent | None:
    """The same of events that were read with `reversed_by`, the newest first; None when too old."""
    event = _step(next((event for event in events if event.stands), None))
    return event if event and _is_recent(event, policy, today) else None


def _step(event: PairingEvent | None) -> PairingEvent | None:
    """Nothing stands before a registration, and the clock cannot be turned back."""
    return event if event and event.from_state and event.verb != "lapse" else None


def _is_recent(event: PairingEvent, policy: Policy, today: dt.date) -> bool:
    return (today - timezone.localdate(event.at)).days <= policy.reversal_days


def obstacle(pairing: Pairing, event: PairingEvent, today: dt.date) -> str:
    """The sentence that says why the step cannot be taken back; empty when it can."""
    days = policy_of(pairing).reversal_days
    if not _is_recent(event, policy_of(pairing), today):
        return _("It was entered more than %(days)d days ago.") % {"days": days}
    if pairing.successors.exclude(state__in=CALLED_OFF).exists():
        return _("A new mentor follows upon this pair: call off the new pair first.")
    if pairing.substitutes.open().exists():
        return _("A substitute stands in for this mentor: end the substitution first.")
    if built := _built_since(pairing, event, today):
        return _("These were entered after it: %(what)s.") % {"what": "、".join(built)}
    return _conflict(pairing, event)


def _built_since(pairing: Pairing, event: PairingEvent, today: dt.date) -> list[str]:
    """What rooms above have put on the pair since, by their names; what was voided is gone.

    A step that left the pair running, as an extension does, bears no record of the days that
    belong to its life without it; only what states the term, as a certificate does, rests on it.
    """
    found = []
    bears_records = event.changes_state or (event.old_to_on or today) < today
    for relation in Pairing._meta.related_objects:
        model: Any = relation.related_model
        if relation.on_delete is not PROTECT or model is Pairing:
            continue
        if not bears_records and not getattr(model, "states_the_term", False):
            continue
        rows = model._base_manager.filter(**{relation.field.name: pairing})
        if moment := _moment_of(model):
            rows = rows.filter(**{f"{moment}__gte": event.at})
        if any(field.name == "voided_at" for field in model._meta.fields):
            rows = rows.filter(voided_at=None)
        if rows.exists():
            found.append(str(model._meta.verbose_name))
    return found


def _moment_of(model: type[models.Model]) -> str | None:
    """The column that says when a row was made, whatever the room calls it."""
    made = (field.name for field in model._meta.fields if getattr(field, "auto_now_add", False))
    return next(made, None)


def _conflict(pairing: Pairing, event: PairingEvent) -> str:
    """What became of the two since, and what the database would refuse besides, if the pair
    came back to life."""
    if event.from_state not in OPEN or event.to_state in OPEN:
        return ""
    if sentence := _gone(pairing):
        return sentence
    others = Pairing.objects.filter(mentee=pairing.mentee_id).exclude(pk=pairing.pk)
    if others.open().filter(mentor_cadre=pairing.mentor_cadre_id).exists():
        return _("These two are paired anew.")
    lasted = Q(ended_on__gt=F("from_on")) & Q(ended_on__gt=pairing.from_on)
    leads = others.filter(Q(ended_on=None) | lasted, role=Role.LEAD)
    leads = leads.exclude(state__in=CALLED_OFF)
    if pairing.role == Role.LEAD and leads.exists():
        return _("The mentee has another lead mentor for these days.")
    return ""


def _gone(pairing: Pairing) -> str:
    """The appointment, the person or the place that the pair had and has no more."""
    mentor = Mentor.objects.select_related("cadre").get(pk=pairing.mentor_id)
    if not mentor.is_open:
        return _("The appointment of %(name)s as mentor has ended.") % {"name": mentor.cadre.name}
    for person in (mentor.cadre, Cadre.objects.get(pk=pairing.mentee_id)):
        if person.left_on is not None:
            return _("%(name)s has left the register.") % {"name": person.name}
    taken = Pairing.objects.open().filter(mentor_cadre=pairing.mentor_cadre_id).count()
    if taken < mentor.capacity:
        return ""
    text = _("%(name)s has %(capacity)d places, and %(taken)d are taken.")
    return text % {"name": mentor.cadre.name, "capacity": mentor.capacity, "taken": taken}


def before(pairing: Pairing, event: PairingEvent) -> dict[str, Any]:
    """The columns as they were before the event, by name."""
    found: dict[str, Any] = {"state": event.from_state}
    if event.to_state not in OPEN:
        found |= {"ended_on": None, "end_reason": "", "end_cause": ""}
    if event.new_to_on:
        found["to_on"] = event.old_to_on
    if event.new_ceremony_on:
        found["ceremony_on"] = event.old_ceremony_on
    if event.from_state != State.SUSPENDED:
        found["resumes_on"] = None
    elif event.to_state != State.SUSPENDED:
        suspended = pairing.events.standing().filter(verb="suspend").order_by("-at", "-pk")
        found["resumes_on"] = suspended.values_list("resumes_on", flat=True).first()
    return found


@transaction.atomic
def reverse(pairing: Pairing, *, event: int, by: User, reason: str) -> PairingEvent:
    """Take back the last step, which is the one named by `event`, and write an event of that.

    StaleMove when it is not (any more) the last, or not this user's to take back; Irreversible
    with a sentence; ValueError without a reason. Nothing is changed then.
    """
    if not pairing.may_ever("reverse", by):
        raise StaleMove("reverse")
    if not reason.strip():
        raise ValueError("this move needs a reason")
    # In the order of whoever registers a pair of these two: a pair that comes back to life
    # meets the same constraints.
    Mentor.objects.select_for_update(of=("self",)).get(pk=pairing.mentor_id)
    Cadre.objects.select_for_update(of=("self",), no_key=True).get(pk=pairing.mentee_id)
    Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    pairing.refresh_from_db(fields=_RESTORED)
    last = last_step(pairing)
    if last is None or last.pk != event or last.to_state != pairing.state:
        raise StaleMove("reverse")
    if sentence := obstacle(pairing, last, timezone.localdate()):
        raise Irreversible(sentence)
    changes = before(pairing, last)
    try:
        with transaction.atomic():
            Pairing.objects.filter(pk=pairing.pk).update(**changes)
    except IntegrityError as error:
        raise Irreversible(_("What was entered since stands against it.")) from error
    for name, value in changes.items():
        setattr(pairing, name, value)
    return PairingEvent.objects.create(
        pairing=pairing,
        actor=by,
        verb="reverse",
        from_state=last.to_state,
        to_state=last.from_state,
        reason=reason,
        on=last.on,
        old_to_on=last.new_to_on,
        new_to_on=last.old_to_on if last.new_to_on else None,
        old_ceremony_on=last.new_ceremony_on,
        new_ceremony_on=last.old_ceremony_on if last.new_ceremony_on else None,
        reverses=last,
    )
