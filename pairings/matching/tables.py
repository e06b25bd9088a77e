"""The tables of a comparison: which mentor suits which category, and what mentees need.

Those here are an example (示例规则，未核对原文); a policy may say others (`Policy.tables`). The
categories and strengths are rows that offices change; a name that is not found counts as the
middle, or as no need on record, and the reason says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ELDER, SECRETARY, MASTER, LEADER = (
    "20年工作经验的老乡镇",
    "德高望重的老支书",
    "兴村（治社）名师",
    "乡村振兴优秀带头人",
)
NEWCOMER, VILLAGE, SENT_DOWN, MOVED = (
    "走出校门新进机关的乡镇干部",
    "新当书记、新进班子的村社干部",
    "一线墩苗实践历练的年轻干部",
    "交流任职、下派基层的机关干部",
)

# Grades from 0 to 10, by the mentor's category and the mentee's.
MIDDLE = 5
FIT: dict[tuple[str, str], int] = {
    (ELDER, NEWCOMER): 10,
    (ELDER, VILLAGE): 6,
    (ELDER, SENT_DOWN): 8,
    (ELDER, MOVED): 10,
    (SECRETARY, NEWCOMER): 6,
    (SECRETARY, VILLAGE): 10,
    (SECRETARY, SENT_DOWN): 8,
    (SECRETARY, MOVED): 6,
    (MASTER, NEWCOMER): 5,
    (MASTER, VILLAGE): 10,
    (MASTER, SENT_DOWN): 7,
    (MASTER, MOVED): 6,
    (LEADER, NEWCOMER): 5,
    (LEADER, VILLAGE): 8,
    (LEADER, SENT_DOWN): 9,
    (LEADER, MOVED): 7,
}

NEEDS: dict[str, tuple[str, ...]] = {
    NEWCOMER: ("群众工作", "方言沟通", "文稿写作"),
    VILLAGE: ("村务管理", "基层党建", "矛盾调解"),
    SENT_DOWN: ("群众工作", "项目推进", "应急处置"),
    MOVED: ("群众工作", "方言沟通", "基层党建"),
}

# Years between the two that count in full; each year outside takes one off the grade.
AGE_SPAN = (10, 35)


LOWEST, HIGHEST = 0, 10
MOST_YEARS = 60


@dataclass(frozen=True)
class Tables:
    """`fit` by the mentor's category and the mentee's, 0 to 10; `needs` by the mentee's
    category; `span` the least and the most years between the two that count in full."""

    fit: Mapping[tuple[str, str], int]
    needs: Mapping[str, tuple[str, ...]]
    span: tuple[int, int]


EXAMPLE = Tables(FIT, NEEDS, AGE_SPAN)


def read(stored: object) -> Tables:
    """The tables of a policy: what is not in them, or has not the shape, is the example's.

    `{"fit": [[mentor category, mentee category, grade], …], "needs": {category: [strength, …]},
    "span": [least, most]}`.
    """
    given = stored if isinstance(stored, dict) else {}
    return Tables(
        {**FIT, **_fit(given.get("fit"))},
        {**NEEDS, **_needs(given.get("needs"))},
        _span(given.get("span")),
    )


def stored(tables: Tables) -> dict[str, Any]:
    """The JSON that `read` reads."""
    return {
        "fit": [[mentor, mentee, grade] for (mentor, mentee), grade in tables.fit.items()],
        "needs": {category: [*words] for category, words in tables.needs.items()},
        "span": [*tables.span],
    }


def _fit(rows: object) -> dict[tuple[str, str], int]:
    found = {}
    for row in rows if isinstance(rows, list) else ():
        match row:
            case [str(mentor), str(mentee), grade] if _is_number(grade, LOWEST, HIGHEST):
                found[mentor, mentee] = grade
    return found


def _needs(rows: object) -> dict[str, tuple[str, ...]]:
    """A strength once each: a need said twice would count twice."""
    given = rows if isinstance(rows, dict) else {}
    return {
        category: tuple(dict.fromkeys(words))
        for category, words in given.items()
        if isinstance(words, list) and all(isinstance(word, str) for word in words)
    }


def _span(value: object) -> tuple[int, int]:
    match value:
        case [int(least), int(most)] if all(_is_number(n, 0, MOST_YEARS) for n in (least, most)):
            return (least, most) if least <= most else AGE_SPAN
    return AGE_SPAN


def _is_number(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
