"""What is counted, as data: one place defines a figure; page, list, export and tests read it.

A figure counts rows of one base (see stats.figures) whose dimensions have given values, so the
same data answers "how many?" by one GROUP BY and "who?" by a filter. 结对数, 导师人数 and
帮带对象人数 are three counts of three bases and never stand for one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from cadres.models import MenteeCategory
from mentors.models import MentorCategory
from pairings.states import BEGUN, RUNNING, WAITING, State
from stats.cuts import Text
from stats.endings import endings
from stats.records import records
from stats.shapes import (
    NO,
    PAIRS_COUNT,
    PEOPLE_COUNT,
    SHARE_COUNT,
    YES,
    Band,
    Base,
    Column,
    Indicator,
    Section,
    Share,
    Values,
)
from stats.traits import compositions, pyramid

NOT_BEGUN: Values = frozenset({None, *(state for state in State if state not in BEGUN)})
ENDED = (State.COMPLETED, State.TERMINATED)


MENTORS = Indicator(
    "mentors",
    _("all mentors"),
    _(
        "Mentors whose appointment is in force on %(as_of)s, counted as people (of several "
        "appointments the latest), at the unit that appoints."
    ),
    Base.MENTORS,
)
HEIRS = Indicator(
    "mentors_once_mentees",
    _("mentees who became mentors"),
    _(
        "Of the mentors: those who had been the mentee of a pairing that began before their first "
        "appointment as mentor, both by %(as_of)s, counted as people."
    ),
    Base.MENTORS,
    {"is_heir": YES},
    MENTORS,
)
GRANDHEIRS = Indicator(
    "mentors_third_generation",
    _("of these in the third generation or later"),
    _(
        "Of the mentees who became mentors: those who were taught by somebody who had been the "
        "mentee of an earlier pairing, by %(as_of)s."
    ),
    Base.MENTORS,
    {"is_heir": YES, "is_third": YES},
    HEIRS,
)
MENTEES = Indicator(
    "mentees",
    _("all mentees"),
    _(
        "People with at least one pairing under way (active or suspended) on %(as_of)s, counted "
        "once however many mentors they have, at their main post on that day."
    ),
    Base.MENTEES,
)
REGISTERED = Indicator(
    "mentees_registered",
    _("on the register of mentees"),
    _(
        "People with an entry in the register of mentees on %(as_of)s, counted once, at their "
        "main post on that day; an entry whose beginning is unknown counts as long ago."
    ),
    Base.REGISTERED,
)
DUE = Indicator(
    "should_be_paired",
    _("should be paired"),
    _("On the register of mentees on %(as_of)s and not exempt from pairing on that day."),
    Base.REGISTERED,
    {"is_exempt": NO},
)
PAIRED_OF_DUE = Indicator(
    "paired_of_should",
    _("paired"),
    _("Of those who should be paired, with a pairing under way at the end of %(as_of)s."),
    Base.REGISTERED,
    {"is_exempt": NO, "is_paired": YES},
    DUE,
)
UNPAIRED = Indicator(
    "not_yet_paired",
    _("not yet paired"),
    _("Of those who should be paired, without a pairing under way at the end of %(as_of)s."),
    Base.REGISTERED,
    {"is_exempt": NO, "is_paired": NO},
    DUE,
)
EXEMPT = Indicator(
    "mentees_exempt",
    _("exempt from pairing"),
    _("On the register of mentees, and exempt from pairing with a reason on %(as_of)s."),
    Base.REGISTERED,
    {"is_exempt": YES},
    REGISTERED,
)
COVERAGE = Share(
    "coverage",
    _("coverage"),
    _("Paired of those who should be paired, both on %(as_of)s, counted as people."),
    PAIRED_OF_DUE,
    DUE,
)
PEOPLE = Indicator(
    "people",
    _("all in the register"),
    _(
        "People in the register with a main post on %(as_of)s who had not left by then, counted "
        "once, at that post."
    ),
    Base.PEOPLE,
)
# Drawn as charts by gender and age; their counts stand in no table.
PYRAMIDS = ((_("Number of mentors"), MENTORS), (_("Number of mentees"), MENTEES))


def _pairs(code: str, title: Text, definition: Text, **where: Iterable[Any]) -> Indicator:
    values = {dimension: frozenset(given) for dimension, given in where.items()}
    return Indicator(code, title, definition, Base.PAIRS, values)


_STATE_NOTE = _(
    "Pairings in this state at the end of %(as_of)s, whenever they were formed; substitutes are "
    "not counted in."
)
PAIRS_RUNNING = _pairs(
    "pairs_running",
    _("pairings under way"),
    _(
        "Pairings that are active or suspended at the end of %(as_of)s: one mentor and one mentee "
        "are one pairing, at the mentee's unit when it was formed. Those still waiting are not "
        "counted in, nor are substitutes, who stand in for a mentor for a time."
    ),
    state_now=RUNNING,
)
PAIRS_ACTIVE = _pairs("pairs_active", _("of these active"), _STATE_NOTE, state_now=[State.ACTIVE])
STATES = (
    PAIRS_RUNNING,
    PAIRS_ACTIVE,
    _pairs("pairs_suspended", _("of these suspended"), _STATE_NOTE, state_now=[State.SUSPENDED]),
    _pairs(
        "pairs_waiting",
        _("waiting for confirmation or approval"),
        _STATE_NOTE,
        state_now=WAITING,
    ),
    _pairs("pairs_completed", _("graduated in all"), _STATE_NOTE, state_now=[State.COMPLETED]),
    _pairs("pairs_terminated", _("terminated in all"), _STATE_NOTE, state_now=[State.TERMINATED]),
    _pairs(
        "pairs_not_formed",
        _("never formed (declined or withdrawn)"),
        _STATE_NOTE,
        state_now=[State.DECLINED, State.WITHDRAWN],
    ),
)
_FLOW_NOTE = _(
    "Pairings that began, graduated or were terminated from %(period_from)s to %(as_of)s. Under "
    "way at the end = under way before + formed − graduated − terminated. Substitutes are not "
    "counted in."
)
FLOWS = (
    _pairs("formed", _("formed"), _FLOW_NOTE, state_now=BEGUN, state_before=NOT_BEGUN),
    *(
        _pairs(
            f"{state}_in_period",
            title,
            _FLOW_NOTE,
            state_now=[state],
            state_before=[value for value in (None, *State) if value not in ENDED],
        )
        for state, title in (
            (State.COMPLETED, _("graduated in the period")),
            (State.TERMINATED, _("terminated in the period")),
        )
    ),
)
REPLACED = Indicator(
    "mentor_changed",
    _("of these formed by a change of mentor"),
    _(
        "Of the pairings formed from %(period_from)s to %(as_of)s: those that go on with an "
        "earlier pairing of the same mentee under a new mentor."
    ),
    Base.PAIRS,
    {"state_now": frozenset(BEGUN), "state_before": NOT_BEGUN, "is_successor": YES},
    FLOWS[0],
)
SILENT = Indicator(
    "pairs_silent",
    _("long without a record"),
    _(
        "Active pairings with an agreed term of which no session and no visit took place from "
        "%(quiet_day)s to %(as_of)s, and which had begun, or were resumed, before: more than "
        "%(silence)s days without a record."
    ),
    Base.PAIRS,
    {"state_now": frozenset({State.ACTIVE}), "is_silent": YES},
    PAIRS_ACTIVE,
)
# Not a column: a footnote, so that nobody is lost silently between two counts.
PAIRS_UNPOSTED = _pairs(
    "pairs_unposted",
    _("pairings whose mentee has no main post on that day"),
    _("Their mentees are not in the number of mentees, since no unit had them on that day."),
    state_now=RUNNING,
    is_posted=NO,
)


def _shares() -> tuple[Band, ...]:
    young = _(
        "%(age)s full years or less on %(as_of)s, %(age)s included (Civil Code, article 1259), "
        "that is, born in %(birth)s or later."
    )
    bachelor = _(
        "Graduated (not merely completed or left) at bachelor's, master's or doctoral level, the "
        "higher of full-time and in-service education."
    )
    # In the article 80.58 % is of the young ones and 29.6 % of all: each says what it is of.
    of_young = _("Of those of %(age)s years or under, the graduates at bachelor's level or more.")
    bands = []
    for whole, heading in (
        (MENTEES, _("of the mentees")),
        (PEOPLE, _("of all in the register")),
    ):
        is_young, is_graduate = {"is_young": YES}, {"is_graduate": YES}
        title = _("%(age)s years or under")
        few = Indicator(f"{whole.code}_young", title, young, whole.base, is_young, whole)
        columns = (
            Share(f"{few.code}_share", title, young, few, whole),
            _share_of(whole, "graduate", _("bachelor's degree or more"), bachelor, is_graduate),
            _share_of(
                few,
                "graduate",
                _("of the young, bachelor's degree or more"),
                of_young,
                is_young | is_graduate,
            ),
        )
        bands.append(Band(heading, SHARE_COUNT, columns))
    return tuple(bands)


def _share_of(
    whole: Indicator, what: str, title: Text, definition: Text, where: dict[str, Values]
) -> Share:
    part = Indicator(f"{whole.code}_{what}", title, definition, whole.base, where, whole)
    return Share(f"{part.code}_share", title, definition, part, whole)


def _categories(
    prefix: str,
    whole: Indicator,
    categories: Iterable[MentorCategory | MenteeCategory],
    definition: Text,
) -> Iterator[Indicator]:
    for category in categories:
        yield Indicator(
            f"{prefix}_category_{category.pk}",
            category.name,
            definition,
            whole.base,
            {**whole.where, "kind": frozenset({category.pk})},
            whole,
            is_retired=not category.is_active,
        )
    if whole is not MENTORS:
        yield Indicator(
            f"{prefix}_category_none",
            _("category not filled in"),
            definition,
            whole.base,
            {**whole.where, "kind": frozenset({None})},
            whole,
        )


def sections() -> tuple[Section, ...]:
    """The whole catalogue with today's category lists (two queries)."""
    mentor_kinds = list(MentorCategory.objects.all())
    mentee_kinds = list(MenteeCategory.objects.all())
    as_registered = _("By category in the register of mentees on %(as_of)s.")
    mentors = _categories(
        "mentors", MENTORS, mentor_kinds, _("By the category of the appointment.")
    )
    mentees = _categories("mentees", MENTEES, mentee_kinds, as_registered)
    pairs = _categories("pairs", PAIRS_RUNNING, mentee_kinds, as_registered)
    return (
        Section(
            "people",
            _("Mentors and mentees"),
            (
                Band(_("Number of mentors"), PEOPLE_COUNT, (MENTORS, *mentors)),
                Band(_("Number of mentees"), PEOPLE_COUNT, (MENTEES, *mentees)),
                Band(_("Lineage among the mentors"), PEOPLE_COUNT, (HEIRS, GRANDHEIRS)),
            ),
        ),
        Section(
            "coverage",
            _("Coverage"),
            (
                Band(_("Register of mentees"), PEOPLE_COUNT, (REGISTERED, EXEMPT, DUE, UNPAIRED)),
                Band(_("Share of those who should be paired"), SHARE_COUNT, (COVERAGE,)),
            ),
        ),
        Section(
            "pairs",
            _("Number of pairings"),
            (
                Band(_("By state on the cut-off date"), PAIRS_COUNT, STATES),
                Band(_("In the period"), PAIRS_COUNT, (*FLOWS, REPLACED)),
                Band(
                    _("Terminated in the period, by cause"), PAIRS_COUNT, tuple(endings(FLOWS[-1]))
                ),
                Band(_("Silence on the cut-off date"), PAIRS_COUNT, (SILENT,)),
            ),
        ),
        Section(
            "kinds",
            _("Pairings by category"),
            (Band(_("Pairings under way, by mentee category"), PAIRS_COUNT, tuple(pairs)),),
        ),
        Section("shares", _("Age and education"), _shares()),
        *compositions(
            (MENTORS, MENTEES, PEOPLE),
            (_("Number of mentors"), _("Number of mentees"), _("People in the register")),
        ),
        Section("records", _("Guidance in the period"), records()),
    )


def find(code: str) -> tuple[Text, Indicator] | None:
    """The count of this code and the heading that it stands under, None when there is none."""
    for section in sections():
        for band in section.bands:
            if code in (found := counted(band.columns)):
                is_note = code == PAIRS_UNPOSTED.code
                return (section.title if is_note else band.title), found[code]
    for heading, whole in PYRAMIDS:
        for _gender, _age, count in pyramid(whole):
            if count.code == code:
                return heading, count
    return None


def counted(columns: Iterable[Column]) -> dict[str, Indicator]:
    """Every count behind the columns by its code; where mentees or pairs are, the footnote's."""
    found: dict[str, Indicator] = {}
    for column in columns:
        parts = (column.part, column.whole) if isinstance(column, Share) else (column,)
        found.update((part.code, part) for part in parts)
    if any(each.base in {Base.MENTEES, Base.PAIRS} for each in found.values()):
        found[PAIRS_UNPOSTED.code] = PAIRS_UNPOSTED
    return found
