"""A delivered report lies among what waits for the unit's coordinators until they have seen it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role, User
from reminders.matters import Matter
from reminders.models import Reminder, Rule
from reminders.sweeping import write_down
from snapshots.models import ReportDelivery, Snapshot

# So long somebody who becomes the coordinator is still told; who was told keeps the line.
TOLD = dt.timedelta(days=31)


def announce(now: dt.datetime) -> int:
    """Reminders of what was delivered lately, once for each coordinator; how many were new.

    Of an order only the newest report waits: the line of an older one that nobody opened goes.
    """
    newest = ReportDelivery.objects.values("order").annotate(last=Max("pk")).values("last")
    recent = ReportDelivery.objects.filter(pk__in=newest, snapshot__created_at__gt=now - TOLD)
    related = recent.select_related("snapshot", "order__unit").defer("snapshot__content")
    made = 0
    for delivery in related.order_by("pk"):
        made += write_down(_matters(delivery, timezone.localdate(now)), now)
        older = ReportDelivery.objects.filter(order=delivery.order, pk__lt=delivery.pk)
        waiting = Reminder.objects.open().filter(rule=Rule.REPORT)
        waiting.filter(subject__in=older.values("snapshot")).update(closed_at=now)
    return made


def seen(snapshot: Snapshot, user: User) -> None:
    """Who has opened a report is not told of it any more."""
    rows = Reminder.objects.open().filter(rule=Rule.REPORT, subject=snapshot.pk, user=user)
    rows.update(closed_at=timezone.now())


def _matters(delivery: ReportDelivery, today: dt.date) -> list[Matter]:
    """To those who coordinate the very unit today, whoever ordered the report."""
    snapshot, unit = delivery.snapshot, delivery.order.unit
    grants = Grant.objects.live(today).filter(role=Role.COORDINATOR, unit=unit)
    users = grants.filter(user__is_active=True).values_list("user", flat=True).distinct()
    return [
        Matter(
            user_id=user,
            county_id=snapshot.county_id,
            rule=Rule.REPORT,
            subject=snapshot.pk,
            period=str(unit.pk),
            words={
                "to": "office",
                "title": f"{unit.name}{snapshot.purpose}",
                "day": str(snapshot.as_of),
            },
            due_on=snapshot.as_of,
            path=reverse("snapshots:detail", args=[snapshot.pk]),
        )
        for user in users.order_by("user")
    ]
