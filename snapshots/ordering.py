"""Regular reports: switched on and off by the office, sealed by a sweep once a period."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reminders.working_time import opening_on_or_after
from snapshots.announcing import announce
from snapshots.models import ReportDelivery, ReportOrder, ReportOrderEvent, Rhythm
from snapshots.sealing import seal
from stats.cuts import Cut
from units.models import Unit

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}


class Period(NamedTuple):
    """A month or quarter that is over; its report is due when the office opens after it."""

    first: dt.date
    last: dt.date
    due: dt.datetime


def period_before(rhythm: str, day: dt.date) -> Period:
    """The last month or quarter that ended before the day."""
    length = MONTHS[Rhythm(rhythm)]
    begins = day.replace(day=1, month=(day.month - 1) // length * length + 1)
    months = begins.year * 12 + begins.month - 1 - length
    first = dt.date(months // 12, months % 12 + 1, 1)
    return Period(first, begins - dt.timedelta(days=1), opening_on_or_after(begins))


def title(rhythm: str, first: dt.date) -> str:
    if rhythm == Rhythm.MONTHLY:
        return _("monthly report of %(year)s-%(month)s") % {
            "year": first.year,
            "month": first.month,
        }
    quarter = (first.month + 2) // 3
    return _("report of quarter %(quarter)s of %(year)s") % {"year": first.year, "quarter": quarter}


@transaction.atomic
def switch(unit: Unit, rhythm: str, *, on: bool, by: User) -> bool:
    """Whether it was otherwise before; who comes second changes and records nothing."""
    order, _made = ReportOrder.objects.get_or_create(unit=unit, rhythm=rhythm)
    if not ReportOrder.objects.filter(pk=order.pk, is_on=not on).update(is_on=on):
        return False
    ReportOrderEvent.objects.create(order=order, is_on=on, by=by)
    return True


def sweep(now: dt.datetime | None = None) -> int:
    """Seal what is due and not yet delivered; how many were sealed.

    Only the last period of an order: after a long standstill nobody waits for older ones, whose
    figures can be asked for at any time. One that fails keeps nobody else waiting; what failed is
    raised when all the others are done.
    """
    now = now or timezone.now()
    day, made = timezone.localdate(now), 0
    failures: list[Exception] = []
    for order in ReportOrder.objects.filter(is_on=True, unit__closed_on=None).order_by("pk"):
        period = period_before(order.rhythm, day)
        if period.due <= now and not order.deliveries.filter(period_from=period.first).exists():
            try:
                made += deliver(order, period)
            except Exception as failure:
                failures.append(failure)
    announce(now)
    if failures:
        raise ExceptionGroup("reports that could not be sealed", failures)
    return made


def deliver(order: ReportOrder, period: Period) -> bool:
    """Sealed and noted in one transaction, so that neither is there without the other; False
    where another worker is at it or has done it."""
    is_outermost = not connection.in_atomic_block  # else somebody's transaction sees what it sees
    try:
        with transaction.atomic():
            if is_outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return _deliver(order, period)
    except IntegrityError:
        if ReportDelivery.objects.filter(order=order, period_from=period.first).exists():
            return False
        raise


def _deliver(order: ReportOrder, period: Period) -> bool:
    standing = ReportOrder.objects.filter(pk=order.pk, is_on=True, unit__closed_on=None)
    held = standing.select_for_update(of=("self",), skip_locked=True).select_related("unit").first()
    if held is None:
        return False
    snapshot = seal(
        held.unit,
        Cut.at(period.last, period.first),
        purpose=title(held.rhythm, period.first),
        by=None,
    )
    ReportDelivery.objects.create(order=held, period_from=period.first, snapshot=snapshot)
    return True


def own_units(user: User) -> list[Unit]:
    """The units of the user's own grants as coordinator, which are few."""
    held = {grant.unit.pk: grant.unit for grant in user.live_grants if grant.role == "coordinator"}
    return [unit for unit in held.values() if not unit.closed_on]
