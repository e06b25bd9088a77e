"""What rests on a row, in whatever room: found by Django's own relations, so that nothing here
has to know the rooms above.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models

Pk = Any


def resting_on(
    model: type[models.Model],
    keys: Collection[Pk],
    *,
    made: Mapping[str, Collection[Pk]],
    alone: Iterable[str] = (),
) -> dict[Pk, str]:
    """Of these rows those that others point at, with the name of the first such table.

    Rows in `made` (by "app.model", lower case) came with them and do not count; tables in
    `alone` are not looked at.
    """
    found: dict[Pk, str] = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        if relation.concrete:
            continue
        other: Any = relation.related_model
        label = other._meta.label_lower
        if label in alone:
            continue
        column: Any = relation.field  # type: ignore[union-attr]
        rows = other._base_manager.filter(**{f"{column.name}__in": keys})
        if made.get(label):
            rows = rows.exclude(pk__in=made[label])
        for key in rows.order_by().values_list(column.attname, flat=True).distinct():
            found.setdefault(key, str(other._meta.verbose_name))
    return found


def remove(model: type[models.Model], **condition: Any) -> int:
    """Delete rows that nothing points at, without asking Django for what would follow."""
    rows = model._base_manager.filter(**condition)
    return rows._raw_delete(rows.db) or 0
