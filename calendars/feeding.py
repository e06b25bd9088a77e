"""A person's own calendar as iCalendar (RFC 5545): titles and the names of the pair, no more."""

from __future__ import annotations

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from calendars.gathering import Entry, entries, own_pairs

DAYS_BACK, DAYS_AHEAD = 92, 731
MEETING_LASTS = dt.timedelta(hours=1)
PLACE = ZoneInfo("Asia/Shanghai")


def entries_for(user: User) -> list[Entry]:
    """Four queries: the pairs, their meetings, what is due, what changed in their terms."""
    now = timezone.now()
    today = timezone.localdate(now)
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    return entries(list(own_pairs(user)), first, last, for_feed_at=now)


def etag_of(found: list[Entry]) -> str:
    """Of what the calendar would say, without writing it."""
    told = [
        (e.kind, e.key, e.day, e.time, e.title, e.pair, e.revision, e.changed_at, e.is_off)
        for e in found
    ]
    return f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"'


def written(found: list[Entry]) -> bytes:
    """Lines folded at 75 octets and ended by CRLF; the same entries give the same bytes."""
    book = Calendar()
    book.add("prodid", "-//Bangdai//Calendar//ZH")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", _("Mentoring"))
    book.add("refresh-interval", dt.timedelta(hours=6), parameters={"value": "DURATION"})
    for entry in found:
        book.add_component(_event(entry))
    return bytes(book.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.kind}-{entry.key}@bangdai")
    event.add("dtstamp", entry.changed_at.astimezone(dt.UTC))
    event.add("sequence", entry.revision)
    title = f"{entry.label}：{entry.title}" if entry.title else str(entry.label)
    event.add("summary", f"{title}（{entry.pair}）")
    if entry.time is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
    else:
        # In UTC no reader needs a description of the zone, and none can read it wrongly.
        begins = dt.datetime.combine(entry.day, entry.time, PLACE).astimezone(dt.UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + MEETING_LASTS)
    event.add("transp", "OPAQUE" if entry.time and not entry.is_off else "TRANSPARENT")
    if entry.is_off:
        event.add("status", "CANCELLED")
    return event
