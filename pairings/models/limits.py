"""What the database refuses of a single pair, whoever writes it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairings.states import CALLED_OFF, OPEN, Cause, Role, State

LIMITS = (
    models.UniqueConstraint(
        fields=["mentor_cadre", "mentee"],
        condition=Q(state__in=OPEN),
        name="pairing_once_while_open",
        violation_error_message=_("These two are paired already."),
    ),
    models.CheckConstraint(
        name="pairing_not_with_oneself",
        condition=~Q(mentor_cadre=F("mentee")),
        violation_error_message=_("Nobody can be their own mentor."),
    ),
    models.CheckConstraint(
        name="pairing_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))
    ),
    models.CheckConstraint(
        name="pairing_ended_on_only_when_ended",
        condition=Q(state__in=OPEN, ended_on=None)
        | (~Q(state__in=OPEN) & Q(ended_on__isnull=False)),
    ),
    models.UniqueConstraint(
        fields=["succeeds"],
        condition=~Q(state__in=CALLED_OFF),
        name="pairing_succeeded_once",
    ),
    models.CheckConstraint(
        name="pairing_substitute_stands_in_for_one",
        condition=Q(role=Role.SUBSTITUTE, stands_in_for__isnull=False, to_on__isnull=False)
        | (~Q(role=Role.SUBSTITUTE) & Q(stands_in_for=None)),
    ),
    models.CheckConstraint(
        name="pairing_cause_of_a_termination",
        condition=Q(end_cause="") | Q(end_cause__in=Cause.values, state=State.TERMINATED),
    ),
    models.CheckConstraint(
        name="pairing_resumes_only_when_suspended",
        condition=Q(resumes_on=None) | Q(state=State.SUSPENDED),
    ),
)
