"""Filters of the page frame, without a word of the domain."""

from __future__ import annotations

import datetime as dt

from django import template
from django.http import QueryDict
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

from core.months import dotted

register = template.Library()


@register.filter
@stringfilter
def is_under(path: str, start: str) -> bool:
    """Whether the page belongs to a menu entry, whose starts stand apart by blanks.

    An empty start is the home page alone.
    """
    return path.startswith(tuple(start.split())) if start else path == "/"


@register.filter
def month(value: str | None) -> str:
    return dotted(value)


@register.filter
def day(value: dt.date | None) -> str:
    """2026年11月23日, or nothing; of a moment the day in local time."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return date_format(value, "Y年n月j日") if value else ""


@register.filter
def days_until(since: dt.date, last: dt.date) -> int:
    """The days from a day, or a moment's day in local time, until another."""
    if isinstance(since, dt.datetime):
        since = timezone.localdate(since)
    return (last - since).days


@register.simple_tag
def query(given: QueryDict, **changes: object) -> str:
    """The query string with some parameters changed; an empty value drops one."""
    changed = given.copy()
    for name, value in changes.items():
        if value in (None, ""):
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def carry(given: QueryDict, *names: str) -> str:
    """The query string with these parameters alone, empty ones left out."""
    carried = {name: str(given[name]) for name in names if given.get(name)}
    return f"?{urlencode(carried)}" if carried else ""
