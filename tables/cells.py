"""Expressions of cells, for tables that the database itself writes (`tables.sheets`)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from django.db.models import Case, CharField, F, Func, IntegerField, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, Left, Length, Replace, Right
from django.db.models.lookups import GreaterThanOrEqual


def month(name: str) -> Replace:
    """A month as offices write it: 1985.07."""
    return Replace(name, Value("-"), Value("."))


def day(name: str) -> Func:
    """2026-03-01, in which form rosters are read."""
    return Func(F(name), Value("YYYY-MM-DD"), function="to_char", output_field=CharField())


def masked_phone(name: str) -> Case:
    """138****1234; a number too short to be a whole one stays."""
    masked = Concat(Left(name, 3), Value("****"), Right(name, 4))
    is_whole = When(GreaterThanOrEqual(Length(name), 8), then=masked)
    return Case(is_whole, default=F(name), output_field=CharField())


def years(name: str, as_of: dt.date) -> Case:
    """Full years since a month, as `core.months.full_years` counts them; none when unknown."""
    year, number = Cast(Left(name, 4), IntegerField()), Cast(Right(name, 2), IntegerField())
    passed = Value(as_of.year * 12 + as_of.month) - year * Value(12) - number
    return Case(When(**{name: ""}, then=None), default=passed / Value(12))


def word(code: str | Combinable, words: Mapping[str, str]) -> Func:
    """What a code means; nothing where the words do not have it."""
    # A look-up in a constant object keeps the order of the rows, which a join need not, and
    # takes as long for the last of fifty words as for the first.
    return Func(
        Value(json.dumps(words, ensure_ascii=False)),
        code,
        template="(%(expressions)s)",
        arg_joiner="::jsonb ->> ",
        output_field=CharField(),
    )


def label(name: str, pk: str, labels: Mapping[int, str]) -> Combinable:
    """The name of a row beside, or what stands for it where the name is not its own alone."""
    if not labels:
        return F(name)
    other = word(Cast(pk, TextField()), {str(key): text for key, text in labels.items()})
    return Coalesce(other, F(name), output_field=CharField())
