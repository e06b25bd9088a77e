"""What speaks against a pair (see core.problems). What the database refuses besides stands in
`Pairing.Meta`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from core.problems import Problem, Severity, gravest_first
from mentors import eligibility
from mentors.models import Mentor
from mentors.states import State
from pairings.circumstances import Circumstances, Couple
from pairings.matching.scoring import age_gap
from pairings.models import PRESET_BASIS, Pairing
from pairings.states import Role
from pairings.superiors import leads
from units.models import Kind

NOT_ENTERED = "not_entered"


def find(
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    from_on: dt.date,
    to_on: dt.date | None = None,
    role: str = Role.LEAD,
    instead_of: Pairing | None = None,
    stands_in_for: Pairing | None = None,
) -> list[Problem]:
    """Everything that speaks against this pair from that day; blockers first."""
    couple = Couple(mentor, mentee, from_on, to_on, role, instead_of, stands_in_for)
    return find_all([couple], by=by)[0]


def find_all(couples: Sequence[Couple], *, by: User) -> list[list[Problem]]:
    """The same of many at once, in their order, with a fixed number of queries.

    They count each other: three new mentees of a mentor need three places, and of two couples of
    one mentee one leads at most.
    """
    known = Circumstances.of(couples, by)
    return [gravest_first(_against(couple, known, by)) for couple in couples]


def _against(couple: Couple, known: Circumstances, by: User) -> Iterator[Problem]:
    yield from _about_the_mentor(couple)
    yield from _about_the_mentee(couple, known, by)
    yield from _about_other_mentors(couple, known)
    yield from _about_places(couple, known)
    yield from _about_eligibility(couple, known)
    yield from _about_posts(couple, known)
    yield from _about_the_two(couple, known)
    yield from _about_the_entry(couple, known)


def _about_the_mentor(couple: Couple) -> Iterator[Problem]:
    mentor, code = couple.mentor, ""
    if mentor.cadre.left_on is not None:
        code, sentence = "mentor_left", _("%(name)s has left the register.")
    elif mentor.state == State.SUSPENDED:
        code, sentence = "suspended", _("%(name)s is suspended as mentor and takes nobody new.")
    elif mentor.is_candidate:
        code, sentence = "candidate", _("%(name)s is proposed as mentor and not appointed yet.")
    elif not mentor.is_appointed(couple.from_on):
        code = "not_in_office"
        sentence = _("%(name)s does not hold an appointment as mentor on %(day)s.")
    if code:
        values = {"name": mentor.cadre.name, "day": _day(couple.from_on)}
        yield Problem(code, Severity.BLOCKER, "mentor", sentence % values)
        return
    last = mentor.term_to_on
    if last and (couple.to_on is None or couple.to_on > last):
        text = _("The appointment of %(name)s runs until %(day)s, and the pair's term is longer.")
        values = {"name": mentor.cadre.name, "day": _day(last)}
        yield Problem("beyond_appointment", Severity.WARNING, "mentor", text % values)


def _about_the_mentee(couple: Couple, known: Circumstances, by: User) -> Iterator[Problem]:
    mentor, mentee = couple.mentor, couple.mentee
    values = {"mentor": mentor.cadre.name, "name": mentee.name, "unit": mentee.unit.name}
    found = []
    if mentee.pk == mentor.cadre_id:
        found.append(("oneself", _("Nobody can be their own mentor.")))
    elif any(row.is_open and _is_with(row, mentor) for row in known.pairs.get(mentee.pk, ())):
        found.append(("already_paired", _("%(mentor)s and %(name)s are paired already.")))
    if mentee.left_on is not None:
        found.append(("mentee_left", _("%(name)s has left the register.")))
    if not by.governs(mentee.unit):
        sentence = _("%(unit)s is not one of your units: its office registers this pair.")
        found.append(("not_governed", sentence))
    for code, sentence in found:
        yield Problem(code, Severity.BLOCKER, "mentee", sentence % values)


def _about_other_mentors(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    """One lead mentor at a time, as many others as the policy says; a substitute beside them."""
    others = [
        row
        for row in known.pairs.get(couple.mentee.pk, ())
        if row != couple.instead_of and not (row.is_open and _is_with(row, couple.mentor))
    ]
    leading = [row for row in others if row.role == Role.LEAD and row.lasts_beyond(couple.from_on)]
    beside = [each for each in known.planned[couple.mentee.pk] if each is not couple]
    name = couple.mentee.name
    if couple.role == Role.LEAD and any(each.role == Role.LEAD for each in beside):
        sentence = _("%(name)s would have two lead mentors at a time.") % {"name": name}
        yield Problem("two_leads", Severity.BLOCKER, "mentee", sentence)
    if leading and couple.role == Role.LEAD:
        text = _(
            "%(name)s has a lead mentor then: %(other)s, %(days)s. Change the mentor there, or "
            "choose another role."
        )
        other = leading[0]
        values = {"name": name, "other": _named(other, known), "days": _days(other)}
        yield Problem("another_lead", Severity.BLOCKER, "mentee", text % values)
        return
    if couple.role == Role.SUBSTITUTE:
        yield from _about_other_substitutes(couple, others, known)
        return
    counted = [row for row in others if row.is_open and row.role != Role.SUBSTITUTE]
    names = [_named(row, known) for row in counted]
    names += [each.mentor.cadre.name for each in beside if each.role != Role.SUBSTITUTE]
    policy, values = known.policy(couple), {"name": name, "others": "、".join(names)}
    if len(names) >= policy.most_mentors:
        text = _(
            "Besides %(others)s, %(name)s would have a mentor more than the rule allows, which is "
            "%(most)d (%(basis)s)."
        )
        figures = {"most": policy.most_mentors, "basis": policy.basis}
        yield Problem("too_many_mentors", Severity.WAIVABLE, "mentee", text % (values | figures))
    elif names:
        sentence = _("%(name)s has another mentor: %(others)s.") % values
        yield Problem("another_mentor", Severity.WARNING, "mentee", sentence)


def _about_other_substitutes(
    couple: Couple, others: list[Pairing], known: Circumstances
) -> Iterator[Problem]:
    for row in others:
        ends_before = row.to_on is not None and row.to_on < couple.from_on
        if row.stands_in_for_id and row.is_open and not ends_before:
            values = {"name": couple.mentee.name, "other": _named(row, known), "days": _days(row)}
            text = _("%(name)s has a substitute mentor then: %(other)s, %(days)s.")
            yield Problem("another_substitute", Severity.WARNING, "mentor", text % values)


def _about_places(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    # Counted by the person: pairs of an earlier appointment that still run take places as well.
    mentor = couple.mentor
    taken, asked = known.taken.get(mentor.cadre_id, 0), known.asked[mentor.cadre_id]
    if taken + asked <= mentor.capacity:
        return
    if asked == 1:
        text = _("%(name)s has %(capacity)d places, and %(taken)d are taken.")
    else:
        text = _("%(name)s has %(capacity)d places, %(taken)d are taken, and %(asked)d are asked.")
    values = {"name": mentor.cadre.name, "capacity": mentor.capacity}
    sentence = text % (values | {"taken": taken, "asked": asked})
    yield Problem("capacity_full", Severity.WAIVABLE, "mentor", sentence)


def _about_eligibility(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    """What the rule of appointments asks of a mentor holds while pairs are given."""
    rule = known.mentor_policy(couple)
    for problem in eligibility.of_person(couple.mentor.cadre, rule, couple.from_on):
        yield problem._replace(field="mentor")


def _about_posts(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    """What the two posts say: a direct superior, or else a colleague next door."""
    mentor, mentee = couple.mentor.cadre, couple.mentee
    nothing = (None, "")
    unit, title = known.posts.get(mentor.pk, nothing)
    below, lower = known.posts.get(mentee.pk, nothing)
    if mentor.pk == mentee.pk or unit is None or unit != below:
        return
    values = {"mentor": mentor.name, "title": title, "mentee": mentee.name}
    values |= {"unit": mentee.unit.name, "basis": PRESET_BASIS}
    if leads(title) and not leads(lower):
        text = _(
            "%(mentor)s (%(title)s) and %(mentee)s serve in %(unit)s: %(mentor)s may be the "
            "direct superior (%(basis)s)."
        )
        yield Problem("superior", Severity.WAIVABLE, "mentor", text % values)
    elif mentee.unit.kind != Kind.TOWNSHIP:
        # A township's own office is large, and 老乡镇带新干部 is what the scheme began with.
        text = _("%(mentor)s and %(mentee)s serve in the same unit, %(unit)s.")
        yield Problem("same_unit", Severity.WARNING, "mentor", text % values)


def _about_the_two(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    mentor, mentee = couple.mentor.cadre, couple.mentee
    if mentor.pk == mentee.pk:
        return
    values = {"mentor": mentor.name, "mentee": mentee.name}
    if mentor.birth_month > mentee.birth_month > "":
        text = _("%(mentor)s is younger than %(mentee)s.")
        yield Problem("younger_mentor", Severity.WARNING, "mentor", text % values)
    gap = age_gap(mentor.birth_month, mentee.birth_month)
    most = known.policy(couple).all_tables.span[1]
    if gap is not None and gap > most:
        text = _("%(mentor)s is %(gap)d years older than %(mentee)s, more than %(most)d.")
        figures = {"gap": gap, "most": most}
        yield Problem("age_gap", Severity.WARNING, "mentor", text % (values | figures))
    if mentor.county_id != mentee.county_id:
        text = _("%(mentor)s serves in another county than %(mentee)s: the way is long.")
        yield Problem("far_away", Severity.WARNING, "mentor", text % values)


def _about_the_entry(couple: Couple, known: Circumstances) -> Iterator[Problem]:
    """A pair outside of the register of mentees is no part of the coverage."""
    mentee = couple.mentee
    entry = known.entries.get(mentee.pk)
    if entry is None:
        sentence = _("%(name)s is not on the register of mentees.") % {"name": mentee.name}
        yield Problem(NOT_ENTERED, Severity.WARNING, "mentee", sentence)
    elif exemption := known.exemptions.get(entry.pk):
        values = {"name": mentee.name, "reason": exemption.reason}
        sentence = _("%(name)s is exempt from pairing: %(reason)s.") % values
        yield Problem("exempt", Severity.WARNING, "mentee", sentence)


def _is_with(pairing: Pairing, mentor: Mentor) -> bool:
    return pairing.mentor_cadre_id == mentor.cadre_id


def _named(pairing: Pairing, known: Circumstances) -> str:
    if pairing.pk in known.seen:
        return pairing.mentor_cadre.name
    return _("a mentor registered by another office")


def _days(pairing: Pairing) -> str:
    if pairing.ended_on or pairing.to_on:
        values = {"from": _day(pairing.from_on), "to": _day(pairing.ended_on or pairing.to_on)}
        return _("%(from)s to %(to)s") % values
    return _("since %(day)s") % {"day": _day(pairing.from_on)}


def _day(day: dt.date | None) -> str:
    return date_format(day, "Y年n月j日") if day else ""
