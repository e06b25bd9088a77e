"""The drainer of the outbox: what is due is claimed with a lease, sent, and marked done.

A drainer that dies leaves its claim, and after the lease another sends. A mail whose sender died
between the sending and the mark goes out again with the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from smtplib import SMTPException, SMTPResponseException
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from reminders import digests
from reminders.models import Outbox
from reminders.working_time import is_working_time, next_working_time

# A claim holds 20 mails of at most EMAIL_TIMEOUT (10 s) each, three times over.
CLAIM, LEASE = 20, dt.timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=5), dt.timedelta(days=1)
MAX_TRIES = 10


class Delivered(NamedTuple):
    sent: int
    failed: int


def deliver(now: dt.datetime | None = None) -> Delivered:
    """Send everything that is due at `now` (aware); nothing outside working time."""
    began, clock = now or timezone.now(), time.monotonic()
    sent = failed = 0
    while True:
        # The clock goes on while mails go out: a later claim needs a lease of its own.
        now = began + dt.timedelta(seconds=time.monotonic() - clock)
        rows = claim(now) if is_working_time(now) else []
        if not rows:
            return Delivered(sent, failed)
        for row in rows:
            outcome = send(row, now)
            sent += outcome is True
            failed += outcome is False


@transaction.atomic
def claim(now: dt.datetime) -> list[Outbox]:
    """The next due rows that nobody else holds, held by us until the lease runs out."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = list(
        Outbox.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(free, done_at=None, not_before__lte=now)
        .select_related("user")
        .order_by("not_before", "pk")[:CLAIM]
    )
    until = now + LEASE
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=until)
    for row in rows:
        row.claimed_until = until
    return rows


def send(row: Outbox, now: dt.datetime) -> bool | None:
    """True when sent, False when it has to be tried again, None when nothing was left to say."""
    mail = digests.compose(row)
    if mail is None:
        _mark(row, done_at=now)
        return None
    message = EmailMessage(
        mail.subject, mail.body, to=[mail.to], headers={"Message-ID": message_id(row.dedupe_key)}
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        _mark(row, **_after_failure(row, now), tries=F("tries") + 1, last_error=_what(error))
        return False
    _mark(row, done_at=now, tries=F("tries") + 1, last_error="")
    return True


def message_id(dedupe_key: str) -> str:
    """The same for every try, so that a mailbox can tell a second copy."""
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def _after_failure(row: Outbox, now: dt.datetime) -> dict[str, dt.datetime | None]:
    if row.tries + 1 >= MAX_TRIES:
        return {"done_at": now}  # given up; the to-do stands in the app
    pause = min(FIRST_PAUSE * 2**row.tries, LONGEST_PAUSE)
    return {"claimed_until": None, "not_before": next_working_time(now + pause)}


def _what(error: Exception) -> str:
    """The kind of error and the server's code: its text may hold the person's address."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return type(error).__name__ + code


def _mark(row: Outbox, **changes: object) -> None:
    # Only while the claim is ours: after the lease the row may be another drainer's.
    Outbox.objects.filter(pk=row.pk, claimed_until=row.claimed_until).update(**changes)
