"""Each part of a suggestion in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pairings.matching.scoring import MenteeSide, MentorSide, age_gap, shared, steps
from pairings.matching.tables import EXAMPLE, Tables
from pairings.matching.weights import Feature

Names = Mapping[int, str]  # of the units above the two


def sentence(
    feature: Feature,
    mentor: MentorSide,
    mentee: MenteeSide,
    units: Names,
    tables: Tables = EXAMPLE,
) -> str:
    """Why the feature has its grade. Says what is compared, also where nothing is known."""
    if feature == Feature.PLACES:
        values = {"free": mentor.free, "capacity": mentor.capacity}
        text = ngettext(
            "%(free)d place free, of %(capacity)d", "%(free)d places free, of %(capacity)d",
            mentor.free,
        )  # fmt: skip
        return text % values
    if feature == Feature.CATEGORY:
        return _category(mentor, mentee, tables)
    if feature == Feature.STRENGTHS:
        return _strengths(mentor, mentee, tables)
    if feature == Feature.WORK_LINE:
        is_same = mentor.kind == mentee.kind
        return _("Units of the same kind") if is_same else _("Units of different kinds")
    if feature == Feature.DISTANCE:
        return _distance(mentor, mentee, units)
    if feature == Feature.AGE_GAP:
        return _ages(mentor, mentee, tables.span)
    if feature == Feature.EARLIER:
        was = mentee.cadre_pk in mentor.former
        return _("The two were paired before") if was else _("Not paired before")
    if feature == Feature.WISHES:
        return _wishes(*mentee.wishes.get(mentor.pk, (0, 0)))
    is_same = mentor.above[-1] == mentee.above[-1]
    return _("Both in the same unit: one may lead the other") if is_same else _("Not in one unit")


def _category(mentor: MentorSide, mentee: MenteeSide, tables: Tables) -> str:
    if not mentee.category:
        return _("Not on the register of mentees: no category to compare")
    values = {"mentor": mentor.category, "mentee": mentee.category}
    grade = tables.fit.get((mentor.category, mentee.category))
    if grade is None:
        text = _("The table says nothing of “%(mentor)s” for “%(mentee)s”: the middle counts")
        return text % values
    return _("“%(mentor)s” for “%(mentee)s”: %(grade)d of 10") % {**values, "grade": grade}


def _strengths(mentor: MentorSide, mentee: MenteeSide, tables: Tables) -> str:
    needs = tables.needs.get(mentee.category, ())
    if not needs:
        return _("No needs are on record for this category")
    met = [need for need in needs if need in mentor.strengths]
    if not met:
        return _("None of the needs: %(needs)s") % {"needs": "、".join(needs)}
    values = {"met": "、".join(met), "all": len(needs), "number": len(met)}
    return _("Good at %(met)s: %(number)d of %(all)d needs") % values


def _distance(mentor: MentorSide, mentee: MenteeSide, units: Names) -> str:
    number = steps(mentor.above, mentee.above)
    if number is None:
        return _("Units of different trees")
    name = units.get(mentor.above[shared(mentor.above, mentee.above) - 1], "")
    if number == 0:
        return _("Both in %(unit)s") % {"unit": name}
    values = {"unit": name, "number": number}
    return _("Both within %(unit)s, %(number)d steps apart in the tree of units") % values


def _ages(mentor: MentorSide, mentee: MenteeSide, span: tuple[int, int]) -> str:
    years = age_gap(mentor.birth_month, mentee.birth_month)
    if years is None:
        return _("A birth month is not on record")
    if years < 0:
        return _("The mentor is younger")
    least, most = span
    values = {"years": years, "least": least, "most": most}
    if least <= years <= most:
        return _("%(years)d years between the two, within %(least)d to %(most)d") % values
    return _("%(years)d years between the two, outside %(least)d to %(most)d") % values


def _wishes(of_mentee: int, of_mentor: int) -> str:
    values = {"mentee": of_mentee, "mentor": of_mentor}
    if of_mentee and of_mentor:
        text = _("Wished by both: no. %(mentee)d of the mentee's, no. %(mentor)d of the mentor's")
    elif of_mentee:
        text = _("Wished by the mentee, as no. %(mentee)d")
    elif of_mentor:
        text = _("Wished by the mentor, as no. %(mentor)d")
    else:
        return _("No wish of either side")
    return text % values
