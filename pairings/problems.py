"""What speaks against a pair (see core.problems). What the database refuses besides stands in
`Pairing.Meta`.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre, Exemption, Mentee
from core.problems import Problem, Severity, gravest_first
from mentors.models import Mentor
from mentors.states import State
from pairings.models import Pairing

NOT_ENTERED = "not_entered"


def find(mentor: Mentor, mentee: Cadre, *, by: User, from_on: dt.date) -> list[Problem]:
    """Everything that speaks against this pair from that day; blockers first."""
    return gravest_first(
        [
            *_about_the_mentor(mentor, from_on),
            *_about_the_mentee(mentor, mentee, by),
            *_about_places(mentor),
            *_about_the_two(mentor, mentee),
            *_about_the_entry(mentee),
        ]
    )


def _about_the_mentor(mentor: Mentor, from_on: dt.date) -> list[Problem]:
    if mentor.state == State.SUSPENDED:
        code, sentence = "suspended", _("%(name)s is suspended as mentor and takes nobody new.")
    elif mentor.is_candidate:
        code, sentence = "candidate", _("%(name)s is proposed as mentor and not appointed yet.")
    elif not mentor.is_appointed(from_on):
        code = "not_in_office"
        sentence = _("%(name)s does not hold an appointment as mentor on %(day)s.")
    else:
        return []
    values = {"name": mentor.cadre.name, "day": date_format(from_on, "Y年n月j日")}
    return [Problem(code, Severity.BLOCKER, "mentor", sentence % values)]


def _about_the_mentee(mentor: Mentor, mentee: Cadre, by: User) -> list[Problem]:
    found = []
    if mentee.pk == mentor.cadre_id:
        found.append(("oneself", _("Nobody can be their own mentor.")))
    elif Pairing.objects.open().filter(mentor_cadre=mentor.cadre_id, mentee=mentee).exists():
        found.append(("already_paired", _("These two are paired already.")))
    if mentee.left_on is not None:
        found.append(("mentee_left", _("%(name)s has left the register.") % {"name": mentee.name}))
    if not by.governs(mentee.unit):
        sentence = _("%(unit)s is not one of your units: its office registers this pair.")
        found.append(("not_governed", sentence % {"unit": mentee.unit.name}))
    return [Problem(code, Severity.BLOCKER, "mentee", sentence) for code, sentence in found]


def _about_places(mentor: Mentor) -> list[Problem]:
    # Counted by the person: pairs of an earlier appointment that still run take places as well.
    taken = Pairing.objects.open().filter(mentor_cadre=mentor.cadre_id).count()
    if taken < mentor.capacity:
        return []
    sentence = _("%(name)s has %(capacity)d places, and %(taken)d are taken.") % {
        "name": mentor.cadre.name,
        "capacity": mentor.capacity,
        "taken": taken,
    }
    return [Problem("capacity_full", Severity.WAIVABLE, "mentor", sentence)]


def _about_the_two(mentor: Mentor, mentee: Cadre) -> list[Problem]:
    found = []
    others = Pairing.objects.open().filter(mentee=mentee).exclude(mentor_cadre=mentor.cadre_id)
    if names := [pairing.mentor_cadre.name for pairing in others.select_related("mentor_cadre")]:
        sentence = _("%(name)s has another mentor: %(others)s.")
        values = {"name": mentee.name, "others": "、".join(names)}
        found.append(("another_mentor", "mentee", sentence % values))
    if mentor.cadre.birth_month > mentee.birth_month > "":
        values = {"mentor": mentor.cadre.name, "mentee": mentee.name}
        sentence = _("%(mentor)s is younger than %(mentee)s.")
        found.append(("younger_mentor", "mentor", sentence % values))
    return [Problem(code, Severity.WARNING, field, sentence) for code, field, sentence in found]


def _about_the_entry(mentee: Cadre) -> list[Problem]:
    """A pair outside of the register of mentees is no part of the coverage."""
    entry = Mentee.objects.filter(cadre=mentee, to_on=None).first()
    if entry is None:
        sentence = _("%(name)s is not on the register of mentees.") % {"name": mentee.name}
        return [Problem(NOT_ENTERED, Severity.WARNING, "mentee", sentence)]
    exemption = Exemption.objects.on(timezone.localdate()).filter(mentee=entry).first()
    if exemption is None:
        return []
    values = {"name": mentee.name, "reason": exemption.reason}
    sentence = _("%(name)s is exempt from pairing: %(reason)s.") % values
    return [Problem("exempt", Severity.WARNING, "mentee", sentence)]
