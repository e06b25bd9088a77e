"""Days, months and terms as a handbook writes them: GB/T 9704 asks for Arabic figures."""

from __future__ import annotations

import datetime as dt

from pairings.models import Pairing


def day_in_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def month_in_words(month: str) -> str:
    """2026年3月 of "2026-03"; a step need not have one."""
    year, _dash, number = month.partition("-")
    return f"{year}年{int(number)}月" if number else "不定月"


def term(pairing: Pairing) -> str:
    begins = day_in_words(pairing.from_on)
    return f"{begins}至{day_in_words(pairing.to_on)}" if pairing.to_on else f"{begins}起"
