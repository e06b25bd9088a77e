"""The county statistics: our table of a city, the same questions as SQL by hand, and one scan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.timing import Row, compare
from core.months import earliest_birth
from stats import figures
from stats.cuts import Cut
from units.models import Unit

HERE = Path(__file__).parent


def statements(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [statement for statement in text.split(";\n") if "SELECT" in statement]


def answers(asked: list[str], values: dict[str, object]) -> int:
    """Run the statements and fetch all that they give; the number of rows."""
    with connection.cursor() as cursor:
        found = 0
        for statement in asked:
            cursor.execute(statement, values)
            found += len(cursor.fetchall())
    return found


def measure(size: str, *, rounds: int) -> list[Row]:
    today = timezone.localdate()
    city = Unit.objects.get(code="330500000000")
    county = Unit.objects.get(code="330523000000")
    values: dict[str, object] = {
        "city": city.pk,
        "day": today,
        "first": dt.date(today.year, 1, 1),
        "young": earliest_birth(35, today),
        "quiet": Cut.at(today).quiet_day,
        "piece": len(city.ancestor_ids) + 2,
    }
    by_hand, scan = statements("by_hand.sql"), statements("scan.sql")
    whole_city = compare(
        "Statistics of the city: all figures, a row a county",
        size,
        {
            "Bangdai: stats.figures.table": lambda: figures.table(city, today),
            "the same questions as SQL by hand": lambda: answers(by_hand, values),
            "limit: one scan of the tables": lambda: answers(scan, values),
        },
        rounds=rounds,
    )
    one_county = compare(
        "Statistics of one county: all figures, a row a township",
        size,
        {"Bangdai: stats.figures.table": lambda: figures.table(county, today)},
        rounds=rounds,
    )
    return whole_city + one_county
