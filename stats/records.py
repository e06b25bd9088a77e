"""What pairs did in a period: sessions, visits, assignments, and the certificates issued."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from activities.models import Method
from certificates.models import Kind
from stats.bases import IN_TIME, LATE, NOT_YET
from stats.cuts import Text
from stats.shapes import (
    COPIES_COUNT,
    ITEMS_COUNT,
    ITEMS_SHARE_COUNT,
    TIMES_COUNT,
    YES,
    Band,
    Base,
    Indicator,
    Share,
)

_DUE = Indicator(
    "assignments_due",
    _("assignments due"),
    _(
        "Assignments whose due date lies from %(period_from)s to %(as_of)s, whenever they were "
        "set; those withdrawn by %(as_of)s are left out."
    ),
    Base.ASSIGNMENTS,
    {"is_due": YES},
)
_HANDED_IN = _(
    "Of the assignments due: by the day of the first handing-in, the due date included; as it "
    "stood at the end of %(as_of)s."
)


_HAPPENED = _(
    "Records whose day lies from %(period_from)s to %(as_of)s, both included, at the unit "
    "of the pairing."
)
SESSIONS = Indicator("sessions", _("all sessions"), _HAPPENED, Base.SESSIONS)
VISITS = Indicator("visits", _("all visits"), _HAPPENED, Base.VISITS)
METHODS = tuple(
    Indicator(
        f"sessions_{method}",
        method.label,
        _HAPPENED,
        Base.SESSIONS,
        {"method": frozenset({method.value})},
    )
    for method in Method
)


def _due(code: str, title: Text, value: str) -> Indicator:
    where = {"is_due": YES, "handed_in": frozenset({value})}
    return Indicator(code, title, _HANDED_IN, Base.ASSIGNMENTS, where, _DUE)


def records() -> tuple[Band, ...]:
    visits = (
        VISITS,
        Indicator(
            "visits_together",
            _("of these with the mentor"),
            _HAPPENED,
            Base.VISITS,
            {"is_with_mentor": YES},
        ),
    )
    assignments = (
        Indicator(
            "assignments_set",
            _("assignments set"),
            _("Assignments set from %(period_from)s to %(as_of)s, those withdrawn later included."),
            Base.ASSIGNMENTS,
            {"is_set": YES},
        ),
        Indicator(
            "assignments_accepted",
            _("assignments accepted"),
            _(
                "Assignments that the mentor accepted from %(period_from)s to %(as_of)s, whenever "
                "they were set; so it is no part of those set."
            ),
            Base.ASSIGNMENTS,
            {"is_accepted": YES},
        ),
    )
    in_time = _due("assignments_in_time", _("handed in on time"), IN_TIME)
    late = _due("assignments_late", _("handed in late"), LATE)
    not_yet = _due("assignments_not_yet", _("not handed in"), NOT_YET)
    share = Share("assignments_in_time_share", in_time.title, _HANDED_IN, in_time, _DUE)
    certificates = [
        Indicator(
            f"certificates_{kind}",
            kind.label,
            _(
                "Certificates dated from %(period_from)s to %(as_of)s, at the unit of the pairing "
                "on that day; those voided by %(as_of)s are left out."
            ),
            Base.CERTIFICATES,
            {"kind": frozenset({kind.value})},
        )
        for kind in Kind
    ]
    return (
        Band(_("Sessions by the six methods"), TIMES_COUNT, (SESSIONS, *METHODS)),
        Band(_("Visits made"), TIMES_COUNT, visits),
        Band(_("Assignments of the period"), ITEMS_COUNT, assignments),
        Band(_("Assignments due in the period"), ITEMS_COUNT, (_DUE, in_time, late, not_yet)),
        Band(_("Of the assignments due"), ITEMS_SHARE_COUNT, (share,)),
        Band(_("Certificates issued in the period"), COPIES_COUNT, tuple(certificates)),
    )
