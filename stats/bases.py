"""The rows that are counted, base by base, as they stood on a day, with their dimensions.

Figures group them, lists show them, kept answers (stats.tallies) group them by county: all three
read these rows and no others.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from activities.models import (
    Assignment,
    AssignmentState,
    Review,
    Session,
    Submission,
    Visit,
)
from cadres.codes import BACHELOR_OR_MORE
from cadres.models import Exemption, Mentee, Posting
from certificates.models import Certificate
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from pairings.states import BEGUN, RUNNING, State
from stats import traits
from stats.cuts import Cut
from stats.shapes import Base
from units.models import Unit

Rows = QuerySet[Any]
# Of each base, the sets of dimensions that it is grouped by: one GROUP BY for a set, so that
# sets do not multiply one another's cells. What a figure asks for lies in one set.
DIMENSIONS: dict[Base, tuple[tuple[str, ...], ...]] = {
    Base.MENTORS: (("kind", "is_heir", "is_third"), *traits.DIMENSIONS, traits.PYRAMID),
    Base.PEOPLE: (("is_young", "is_graduate"), *traits.DIMENSIONS),
    Base.MENTEES: (
        ("kind",),
        ("is_young", "is_graduate"),
        *traits.DIMENSIONS,
        traits.PYRAMID,
    ),
    Base.REGISTERED: (("is_exempt", "is_paired"),),
    Base.PAIRS: (
        ("state_now", "state_before", "is_successor"),
        ("state_now", "kind"),
        ("state_now", "is_posted"),
        ("state_now", "is_silent"),
        ("state_now", "state_before", "end_cause"),
    ),
    Base.SESSIONS: (("method",),),
    Base.VISITS: (("is_with_mentor",),),
    Base.ASSIGNMENTS: (("is_set", "is_accepted"), ("is_due", "handed_in")),
    Base.CERTIFICATES: (("kind",),),
}
# When an assignment that was due was first handed in, as of the end of the cut-off day.
IN_TIME, LATE, NOT_YET = "in_time", "late", "not_yet"


def rows_of(base: Base, unit: Unit, cut: Cut) -> Rows:
    """The rows of a base within the unit, one for each thing counted, with its dimensions."""
    return rows_within(base, unit.rows_q(), cut)


def rows_within(base: Base, within: Q, cut: Cut) -> Rows:
    """The same by a condition on the placed rows, as of several counties at once."""
    _first, last = cut.moments
    in_period = Q(happened_on__range=(cut.period_from, cut.as_of))
    match base:
        case Base.MENTORS:
            mentors = mentors_on(cut.as_of).filter(within).annotate(**traits.groups_on(cut))
            return _with_lineage(mentors, cut.as_of)
        case Base.PEOPLE:
            return _with_traits(posts_on(cut.as_of).filter(within), cut)
        case Base.MENTEES:
            pairs = _running(cut.as_of).filter(mentee=OuterRef("cadre_id"))
            mentees = posts_on(cut.as_of).filter(within).filter(Exists(pairs))
            return _with_traits(mentees, cut).annotate(kind=kind_of("cadre_id", cut.as_of))
        case Base.REGISTERED:
            return _registered(cut.as_of).filter(within)
        case Base.PAIRS:
            return _pairs(cut).filter(within)
        case Base.SESSIONS:
            return Session.objects.filter(within, in_period)
        case Base.VISITS:
            return Visit.objects.filter(within, in_period)
        case Base.ASSIGNMENTS:
            return _assignments(cut).filter(within)
        case Base.CERTIFICATES:
            issued = Certificate.objects.filter(
                within, issued_on__range=(cut.period_from, cut.as_of)
            )
            return issued.filter(Q(voided_at=None) | Q(voided_at__gte=last)).defer("pdf")


def posts_on(day: dt.date) -> Rows:
    """The main post on that day of each person in the register: one row a person."""
    posts = Posting.objects.on(day).filter(
        Q(cadre__left_on=None) | Q(cadre__left_on__gte=day), is_main=True
    )
    others = Posting.objects.on(day).filter(is_main=True, cadre=OuterRef("cadre_id"))
    return _latest(posts, others)


def mentors_on(day: dt.date) -> Rows:
    """The appointment that stood on that day of each mentor: one row a person."""
    others = Mentor.objects.appointed(day).filter(cadre=OuterRef("cadre_id"))
    return _latest(Mentor.objects.appointed(day), others)


def _with_lineage(mentors: Rows, day: dt.date) -> Rows:
    """Whether each had been a mentee before the first appointment, and of a former mentee."""
    pairs: Rows = Pairing.objects.counted().with_state_on(day)
    begun = pairs.filter(state_on__in=BEGUN)
    appointed = Mentor.objects.filter(cadre=OuterRef("mentee_id"), from_on__lte=OuterRef("from_on"))
    earlier = begun.filter(mentee=OuterRef("mentor_cadre_id"), from_on__lt=OuterRef("from_on"))
    lessons = begun.filter(~Exists(appointed), mentee=OuterRef("cadre_id"))
    return mentors.annotate(
        kind=F("category_id"),
        is_heir=Exists(lessons),
        is_third=Exists(lessons.filter(Exists(earlier))),
    )


def _latest(rows: Rows, others: Rows) -> Rows:
    """Without the rows of people who have a later one: somebody with two is counted once,
    at the same place by everybody who counts, and rows still add up to the total."""
    begins = Coalesce("from_on", Value(dt.date.min), output_field=DateField())
    later = others.annotate(begins=begins).filter(
        Q(begins__gt=OuterRef("begins")) | Q(begins=OuterRef("begins"), pk__gt=OuterRef("pk"))
    )
    return rows.annotate(begins=begins).filter(_has_none(later))


def _running(day: dt.date) -> Rows:
    pairs: Rows = Pairing.objects.counted().with_state_on(day)
    return pairs.filter(state_on__in=RUNNING)


def _pairs(cut: Cut) -> Rows:
    posted = posts_on(cut.as_of).filter(cadre=OuterRef("mentee_id"))
    now = Pairing.objects.counted().with_state_on(cut.as_of).annotate(state_now=F("state_on"))
    before = now.with_state_on(cut.day_before).annotate(state_before=F("state_on"))
    return before.annotate(
        kind=kind_of("mentee_id", cut.as_of),
        is_posted=_has(posted),
        is_silent=_is_silent(cut),
        is_successor=_true(Q(succeeds__isnull=False)),
    )


def _is_silent(cut: Cut) -> Coalesce:
    """No session, no visit, no beginning and no resuming from `quiet_day` on.

    As reminders have it: a pair without an agreed term goes on as the two like.
    """
    since = (cut.quiet_day, cut.as_of)
    signs = [
        model.objects.filter(pairing=OuterRef("pk"), happened_on__range=since)
        for model in (Session, Visit)
    ]
    begun = (
        PairingEvent.objects.standing()
        .changing_state()
        .filter(pairing=OuterRef("pk"), to_state=State.ACTIVE, on__range=since)
    )
    # The term as of that day: one that was agreed for the first time later was none then.
    agreed_later = PairingEvent.objects.standing().filter(
        pairing=OuterRef("pk"), old_to_on=None, new_to_on__isnull=False, on__gt=cut.as_of
    )
    condition = Q(from_on__lt=cut.quiet_day, to_on__isnull=False)
    for sign in (*signs, begun, agreed_later):
        condition &= ~Q(_has(sign))
    return _true(condition)


def _assignments(cut: Cut) -> Rows:
    first, last = cut.moments
    is_set = Q(created_at__gte=first, created_at__lt=last)
    is_accepted = Q(state=AssignmentState.ACCEPTED, decided_at__gte=first, decided_at__lt=last)
    withdrawn = Review.objects.filter(
        assignment=OuterRef("pk"), verdict=AssignmentState.WITHDRAWN, created_at__lt=last
    )
    is_due = Q(due_on__range=(cut.period_from, cut.as_of), created_at__lt=last)
    is_due &= Q(~Exists(withdrawn))
    handed_in = Submission.objects.filter(assignment=OuterRef("pk"), created_at__lt=last)
    earliest = handed_in.order_by("created_at").values("created_at")[:1]
    rows = Assignment.objects.filter(is_set | is_accepted | is_due).annotate(
        is_set=_true(is_set),
        is_accepted=_true(is_accepted),
        is_due=_true(is_due),
        first_in=Subquery(earliest),
    )
    return rows.annotate(
        handed_in=Case(
            When(first_in=None, then=Value(NOT_YET)),
            When(first_in__date__lte=F("due_on"), then=Value(IN_TIME)),
            default=Value(LATE),
            output_field=CharField(),
        )
    )


def _registered(day: dt.date) -> Rows:
    """The main posts of those who are on the register of mentees on that day."""
    entries = Mentee.objects.open_on(day).filter(cadre=OuterRef("cadre_id"))
    exempt = entries.filter(_has(Exemption.objects.on(day).filter(mentee=OuterRef("pk"))))
    paired = _running(day).filter(mentee=OuterRef("cadre_id"))
    rows = posts_on(day).filter(Exists(entries))
    return rows.annotate(is_exempt=_has(exempt), is_paired=_has(paired))


def kind_of(person: str, day: dt.date) -> Subquery:
    """The mentee category of the person in that column on that day; None without an entry."""
    entries = Mentee.objects.open_on(day).filter(cadre=OuterRef(person))
    return Subquery(entries.order_by().values("category")[:1])


def _with_traits(posts: Rows, cut: Cut) -> Rows:
    graduate = Q(cadre__education__in=BACHELOR_OR_MORE)
    graduate |= Q(cadre__later_education__in=BACHELOR_OR_MORE)
    return posts.annotate(
        is_young=_true(Q(cadre__birth_month__gte=cut.birth_month)),
        is_graduate=_true(graduate),
        **traits.groups_on(cut),
    )


def _has(rows: Rows) -> IsNull:
    """Whether there is any, looked up row by row.

    Not Exists: for that PostgreSQL may read and hash the register of the whole country, to look
    up the few rows of one county.
    """
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)


def _has_none(rows: Rows) -> Coalesce:
    """Whether there is none, looked up row by row.

    A plain truth value, of which PostgreSQL expects every other row to be true. Of `IS NULL` it
    expects one in 200, and joins a whole city row by row.
    """
    found = rows.order_by().annotate(is_none=Value(False)).values("is_none")[:1]
    return Coalesce(Subquery(found), Value(True), output_field=BooleanField())


def _true(condition: Q) -> Coalesce:
    """A condition as a column that is never null."""
    return Coalesce(
        ExpressionWrapper(condition, BooleanField()), Value(False), output_field=BooleanField()
    )
