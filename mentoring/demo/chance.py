"""One source of chance for the demo: the same seed gives the same people, days and ids."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from django.utils import timezone

from core.months import month_of, shift


class Chance(random.Random):
    def __init__(self, seed: int, today: dt.date) -> None:
        super().__init__(seed)
        self.today = today

    def uuid_at(self, at: dt.datetime) -> uuid.UUID:
        """A UUIDv7 of that moment, so that rows of the past sort as if entered then."""
        value = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (self.getrandbits(12) << 64)
        return uuid.UUID(int=value | (0b10 << 62) | self.getrandbits(62))

    def moment(self, day: dt.date) -> dt.datetime:
        """Some minute of office hours on that day."""
        clock = dt.time(self.randint(8, 17), self.randint(0, 59), self.randint(0, 59))
        return timezone.make_aware(dt.datetime.combine(day, clock))

    def day(self, earliest: dt.date, latest: dt.date) -> dt.date:
        return earliest + dt.timedelta(days=self.randint(0, max(0, (latest - earliest).days)))

    def month_at_age(self, youngest: int, oldest: int) -> str:
        return shift(month_of(self.today), -self.randint(youngest * 12, oldest * 12))
