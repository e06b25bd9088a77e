"""One sweep and one delivery by hand, without Celery."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from reminders.delivering import deliver
from reminders.models import Outbox
from reminders.sweeping import sweep
from reminders.working_time import SHANGHAI


class Command(BaseCommand):
    help = "Write the reminders that are due and send the mails whose time has come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="as if it were ten o'clock in Shanghai on that day",
        )

    def handle(self, *args: Any, today: dt.date | None, **options: Any) -> None:
        now = timezone.now()
        if today:
            now = dt.datetime.combine(today, dt.time(10), SHANGHAI)
        swept, delivered = sweep(now), deliver(now)
        later = Outbox.objects.filter(done_at=None).count()
        self.stdout.write(
            _("Reminders: %(made)d new, %(closed)d closed.")
            % {"made": swept.made, "closed": swept.closed}
        )
        self.stdout.write(
            _("Mails: %(sent)d sent, %(failed)d to be tried again, %(later)d waiting for later.")
            % {"sent": delivered.sent, "failed": delivered.failed, "later": later}
        )
