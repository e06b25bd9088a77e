"""When a mail may arrive: Asia/Shanghai, 9:00–17:30, on working days. Never at night or on leave.

The holidays of mainland China come from chinesecalendar, which knows a year once the State
Council has published it. Beyond its years Monday to Friday count as working days; a warning says
so once a year and process.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = dt.time(9, 0), dt.time(17, 30)
_log = logging.getLogger(__name__)


def is_working_day(day: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _say_once(day.year)
        return day.weekday() < 5


def is_working_time(moment: dt.datetime) -> bool:
    return next_working_time(moment) == moment


def next_working_time(moment: dt.datetime) -> dt.datetime:
    """The moment itself when it is in working time, else the next opening. Aware datetimes."""
    local = moment.astimezone(SHANGHAI)
    if is_working_day(local.date()) and OPENS <= local.time() < CLOSES:
        return moment
    day = local.date() if local.time() < OPENS else local.date() + dt.timedelta(days=1)
    return opening_on_or_after(day)


def opening_on_or_after(day: dt.date) -> dt.datetime:
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, OPENS, SHANGHAI)


@functools.cache
def _say_once(year: int) -> None:
    _log.warning("holidays of %s are not known yet: weekends are taken for days off", year)
