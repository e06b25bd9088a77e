"""Whether somebody may be appointed: what the rule of the unit asks, said with its figures.

What is unknown is said and never guessed. Everything here may be waived by the office, which
gives its reason; the document that the rule rests on stands in each sentence.
"""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cadres.codes import PARTY_MEMBERS
from cadres.models import Cadre
from core.months import full_years
from core.problems import Problem, Severity
from mentors.models import Mentor, MentorPolicy

PARTY_MEMBER = "01"  # GB/T 4762; a probationary member (02) is none yet


def of_person(cadre: Cadre, policy: MentorPolicy, on: dt.date) -> list[Problem]:
    """What the rule has against this person as a mentor from that day."""
    found = [
        _service(cadre, policy, on), _age(cadre, policy, on), _party(cadre, policy),
        _party_years(cadre, policy, on),
    ]  # fmt: skip
    return [problem for problem in found if problem]


def of_notice(mentor: Mentor | None, policy: MentorPolicy, on: dt.date) -> list[Problem]:
    """What the rule has against the notice that this proposal had, or had not, by that day.

    A notice that was given is looked at even where none is asked for.
    """
    begins = mentor.notice_from_on if mentor else None
    ends = mentor.notice_to_on if mentor else None
    if begins is None or ends is None:
        if not policy.requires_notice:
            return []
        text = _("There was no public notice, which the rule asks for (%(basis)s).")
        return [_waivable("no_notice", text, policy)]
    found = []
    days = (ends - begins).days + 1
    if policy.notice_days and days < policy.notice_days:
        text = _("The notice lasts %(days)d days; the rule asks for %(least)d (%(basis)s).")
        found.append(_waivable("short_notice", text, policy, days=days, least=policy.notice_days))
    if on <= ends:
        text = _("The notice runs until %(day)s: the appointment would begin before it is over.")
        said = {"day": date_format(ends, "Y年n月j日")}
        found.append(Problem("notice_runs", Severity.WAIVABLE, "on", text % said))
    return found


def _service(cadre: Cadre, policy: MentorPolicy, on: dt.date) -> Problem | None:
    least = policy.min_service_years
    if least is None:
        return None
    if not cadre.work_month:
        text = _(
            "It is not on record when %(name)s started work; the rule asks for %(least)d years of "
            "service (%(basis)s)."
        )
        return _waivable("service_unknown", text, policy, name=cadre.name, least=least)
    years = full_years(cadre.work_month, on)
    if years >= least:
        return None
    text = _(
        "%(name)s has %(years)d full years of service; the rule asks for %(least)d (%(basis)s)."
    )
    return _waivable(
        "short_service", text, policy, name=cadre.name, years=max(years, 0), least=least
    )


def _age(cadre: Cadre, policy: MentorPolicy, on: dt.date) -> Problem | None:
    most = policy.max_age
    if most is None:
        return None
    age = cadre.age(on)
    if age is None:
        text = _(
            "The birth month of %(name)s is not on record; the rule allows %(most)d full years at "
            "most (%(basis)s)."
        )
        return _waivable("age_unknown", text, policy, name=cadre.name, most=most)
    if age <= most:
        return None
    text = _("%(name)s is %(age)d years old; the rule allows %(most)d at most (%(basis)s).")
    return _waivable("too_old", text, policy, name=cadre.name, age=age, most=most)


def _party(cadre: Cadre, policy: MentorPolicy) -> Problem | None:
    if not policy.requires_party or cadre.political_status == PARTY_MEMBER:
        return None
    if not cadre.political_status:
        text = _(
            "The political status of %(name)s is not on record; the rule asks for a party member "
            "(%(basis)s)."
        )
        return _waivable("party_unknown", text, policy, name=cadre.name)
    text = _("%(name)s is no party member, which the rule asks for (%(basis)s).")
    return _waivable("no_party_member", text, policy, name=cadre.name)


def _party_years(cadre: Cadre, policy: MentorPolicy, on: dt.date) -> Problem | None:
    least = policy.min_party_years
    if least is None:
        return None
    if cadre.political_status and cadre.political_status not in PARTY_MEMBERS:
        if policy.requires_party:
            return None  # said already
        text = _(
            "%(name)s is no party member; the rule asks for %(least)d years in the party "
            "(%(basis)s)."
        )
        return _waivable("no_party_years", text, policy, name=cadre.name, least=least)
    if not cadre.party_month:
        text = _(
            "It is not on record when %(name)s joined the party; the rule asks for %(least)d "
            "years in the party (%(basis)s)."
        )
        return _waivable("party_years_unknown", text, policy, name=cadre.name, least=least)
    years = full_years(cadre.party_month, on)
    if years >= least:
        return None
    text = _(
        "%(name)s has %(years)d full years in the party; the rule asks for %(least)d (%(basis)s)."
    )
    return _waivable(
        "short_in_the_party", text, policy, name=cadre.name, years=max(years, 0), least=least
    )


def _waivable(code: str, text: str, policy: MentorPolicy, **figures: object) -> Problem:
    field = "on" if "notice" in code else "cadre"
    return Problem(code, Severity.WAIVABLE, field, text % {**figures, "basis": policy.basis})
