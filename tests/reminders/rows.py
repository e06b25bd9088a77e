"""Addresses of this room that name a row."""

from __future__ import annotations

from reminders.models import Reminder


def row_urls(cast) -> dict[str, dict]:
    reminder, _ = Reminder.objects.get_or_create(
        user=cast.mentee,
        rule="silent",
        subject=cast.pairing.pk,
        period="2026-03-01",
        defaults={
            "county": cast.pairing.county,
            "words": {"to": "mentee", "mentor": "褚师傅", "mentee": "马徒弟", "day": "2026-03-01"},
        },
    )
    return {"reminders:close": {"pk": reminder.pk}}
