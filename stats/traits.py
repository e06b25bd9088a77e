"""What people are composed of: traits as data, each person in exactly one group of each trait.

Whoever has nothing on record is in the group "not filled in", so the groups add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Q, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.months import earliest_birth
from stats.cuts import Cut, Text
from stats.shapes import PEOPLE_COUNT, Band, Indicator, Section

NONE, OTHER = "none", "other"


class Group(NamedTuple):
    """`codes` are those of the code table; of an age band the last year, included, or none."""

    key: str
    title: Text
    codes: tuple[str, ...] = ()
    last_year: int | None = None
    # A group for codes that no other has stands in the table only where it counts somebody.
    is_retired: bool = False


class Trait(NamedTuple):
    """`fields` of a person; the first group that any of them falls into holds."""

    name: str
    title: Text
    definition: Text
    fields: tuple[str, ...]
    groups: tuple[Group, ...]


_NOT_FILLED_IN = Group(NONE, _("not filled in"))
_OTHER = Group(OTHER, _("other entries"), is_retired=True)
_DEMOCRATIC = tuple(f"{code:02d}" for code in range(4, 12))  # GB/T 4762: eight parties
TRAITS = (
    Trait(
        "gender",
        _("gender"),
        _("By the gender on record; “unknown” and “not stated” are with those not filled in."),
        ("gender",),
        (Group("1", _("men"), ("1",)), Group("2", _("women"), ("2",)), _NOT_FILLED_IN),
    ),
    Trait(
        "age",
        _("age"),
        _(
            "By full years on %(as_of)s, counted from the birth month; both ends of a band are "
            "included (Civil Code, article 1259)."
        ),
        ("birth_month",),
        (
            Group("30", _("30 years or under"), last_year=30),
            Group("35", _("31 to 35 years"), last_year=35),
            Group("40", _("36 to 40 years"), last_year=40),
            Group("45", _("41 to 45 years"), last_year=45),
            Group("50", _("46 to 50 years"), last_year=50),
            Group("55", _("51 to 55 years"), last_year=55),
            Group("56", _("56 years or over")),
            _NOT_FILLED_IN,
        ),
    ),
    Trait(
        "education",
        _("education"),
        _(
            "By the highest level of which full-time or in-service education was graduated from; "
            "the last group has lower levels, and education completed or left without graduation."
        ),
        ("education", "later_education"),
        (
            Group("doctor", _("doctor"), ("11",)),
            Group("master", _("master"), ("14",)),
            Group("bachelor", _("bachelor"), ("21",)),
            Group("college", _("junior college"), ("31",)),
            Group(OTHER, _("other education")),
            _NOT_FILLED_IN,
        ),
    ),
    Trait(
        "political",
        _("political status"),
        _("By the political status on record."),
        ("political_status",),
        (
            Group("01", _("party members"), ("01",)),
            Group("02", _("probationary party members"), ("02",)),
            Group("03", _("league members"), ("03",)),
            Group("parties", _("democratic parties"), _DEMOCRATIC),
            Group("12", _("without party affiliation"), ("12",)),
            Group("13", _("masses"), ("13",)),
            _OTHER,
            _NOT_FILLED_IN,
        ),
    ),
    Trait(
        "staffing",
        _("staffing"),
        _("By the kind of staffing on record."),
        ("staffing",),
        (
            Group("civil", _("civil servants"), ("civil",)),
            Group("civil_like", _("managed like civil servants"), ("civil_like",)),
            Group("institution", _("public institutions"), ("institution",)),
            Group("worker", _("workers"), ("worker",)),
            Group("off_quota", _("off quota"), ("off_quota",)),
            Group("village", _("village cadres"), ("village",)),
            _OTHER,
            _NOT_FILLED_IN,
        ),
    ),
)
DIMENSIONS = tuple((trait.name,) for trait in TRAITS)
GENDER, AGE, *_OTHERS = TRAITS
PYRAMID = (GENDER.name, AGE.name)


def groups_on(cut: Cut, person: str = "cadre") -> dict[str, Case]:
    """The group of each trait, for rows that have a person of that name."""
    return {trait.name: _group_of(trait, cut, person) for trait in TRAITS}


def _group_of(trait: Trait, cut: Cut, person: str) -> Case:
    fields = [f"{person}__{field}" for field in trait.fields]
    empty = Q(**dict.fromkeys(fields, ""))
    whens = [When(empty, then=Value(NONE))]
    rest = NONE
    for group in trait.groups:
        if group.last_year is not None:
            since = earliest_birth(group.last_year, cut.as_of)
            whens.append(When(**{f"{fields[0]}__gte": since}, then=Value(group.key)))
        elif group.codes:
            has = Q()
            for field in fields:
                has |= Q(**{f"{field}__in": group.codes})
            whens.append(When(has, then=Value(group.key)))
        elif group is not _NOT_FILLED_IN:
            rest = group.key
    return Case(*whens, default=Value(rest), output_field=CharField())


def compositions(wholes: tuple[Indicator, ...], headings: tuple[Text, ...]) -> Iterator[Section]:
    """For each trait a section, with a band for each of the wholes."""
    for trait in TRAITS:
        bands = tuple(
            Band(
                format_lazy("{}·{}", heading, trait.title),
                PEOPLE_COUNT,
                tuple(_groups(whole, trait)),
            )
            for whole, heading in zip(wholes, headings, strict=True)
        )
        yield Section(trait.name, trait.title, bands)


def _groups(whole: Indicator, trait: Trait) -> Iterator[Indicator]:
    for group in trait.groups:
        where: dict[str, Any] = {trait.name: frozenset({group.key})}
        yield Indicator(
            f"{whole.code}_{trait.name}_{group.key}",
            group.title,
            trait.definition,
            whole.base,
            where,
            whole,
            is_retired=group.is_retired,
        )


def pyramid(whole: Indicator) -> Iterator[tuple[Group, Group, Indicator]]:
    """Gender, age band and the count of both, for each couple of the two."""
    for gender, age in product(GENDER.groups, AGE.groups):
        count = Indicator(
            f"{whole.code}_gender_{gender.key}_age_{age.key}",
            format_lazy("{}·{}", gender.title, age.title),
            AGE.definition,
            whole.base,
            {GENDER.name: frozenset({gender.key}), AGE.name: frozenset({age.key})},
            whole,
        )
        yield gender, age, count
