"""Searching for a few Chinese characters anywhere in a text, along an index.

Trigrams know nothing of a name of two characters. So the database indexes the characters of a
text, and of the rows that have them all it compares the text itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, TextField, Value

from units.models import Unit

_FEW = 1_000  # units whose ids go into a query


def characters(column: str) -> Func:
    """The characters of a column, as the indexes hold them."""
    return Func(
        F(column),
        Value(None),
        function="string_to_array",
        output_field=ArrayField(TextField()),
    )


def holds(column: str, text: str) -> Q:
    """The same rows as `column__contains`; none for a text that PostgreSQL cannot hold."""
    if "\0" in text:
        return Q(pk__in=[])
    has = Func(
        characters(column),
        Value(sorted(set(text)), output_field=ArrayField(TextField())),
        template="%(expressions)s",
        arg_joiner=" @> ",
        output_field=BooleanField(),
    )
    return Q(has) & Q(**{f"{column}__contains": text})


def at_units_called(text: str) -> Q:
    """The same rows as `unit__name__contains`; the units are looked up at once.

    So the database knows how few they are, which chooses the index.
    """
    called = Unit.objects.filter(name__contains=text).order_by()
    ids = list(called.values_list("pk", flat=True)[: _FEW + 1])
    return Q(unit__in=ids) if len(ids) <= _FEW else Q(unit__in=called)
