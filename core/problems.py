"""What speaks against saving something, said before it is saved: a sentence each.

A blocker cannot be passed; a waivable one needs an office's decision, which is recorded with who
and why; a warning needs to have been read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import models


class Severity(models.TextChoices):
    BLOCKER = "blocker"
    WAIVABLE = "waivable"
    WARNING = "warning"


class Problem(NamedTuple):
    code: str
    severity: Severity
    field: str  # of the form, beside which the sentence stands
    sentence: str


class Refused(Exception):
    """Nothing was saved: these problems are not settled."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__([problem.code for problem in found])
        self.problems = found


def gravest_first(found: Iterable[Problem]) -> list[Problem]:
    order = list(Severity)
    return sorted(found, key=lambda problem: order.index(problem.severity))


def unsettled(found: list[Problem], *, waiver: str, read: Collection[str]) -> list[Problem]:
    """The problems that still keep it from being saved."""
    return [
        problem
        for problem in found
        if problem.severity == Severity.BLOCKER
        or (problem.severity == Severity.WAIVABLE and not waiver)
        or (problem.severity == Severity.WARNING and problem.code not in read)
    ]


def waived(found: list[Problem]) -> str:
    """The sentences that an office passed by its waiver, as an event keeps them."""
    return "".join(row.sentence for row in found if row.severity == Severity.WAIVABLE)
