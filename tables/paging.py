"""Pages of a list by keyset: as quick at row five million as at row one."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet

COUNT_CAP = 10_000


class Page(NamedTuple):
    rows: list[Any]
    next: str  # cursor of the next page, empty at the end
    total: int  # counted up to COUNT_CAP + 1

    @property
    def is_capped(self) -> bool:
        return self.total > COUNT_CAP

    @property
    def capped_total(self) -> int:
        return min(self.total, COUNT_CAP)


def page_of(rows: QuerySet[Any], *, order: tuple[str, ...], after: str, size: int = 50) -> Page:
    """A page of `rows` sorted by `order` (field names, "-" for descending, the last one unique).

    Empty values come last, or first when descending, as PostgreSQL sorts them. `after` is the
    cursor of the row before; a cursor that cannot be read gives the first page.
    """
    total = rows.values("pk").order_by()[: COUNT_CAP + 1].count()
    found = list(_beyond(rows.order_by(*order), order, after)[: size + 1])
    more = len(found) > size
    return Page(found[:size], _cursor(order, found[size - 1]) if more else "", total)


def _cursor(order: tuple[str, ...], row: Any) -> str:
    values = []
    for field in order:
        value = row
        for step in field.lstrip("-").split("__"):
            value = getattr(value, step, None)  # through an empty relation there is nothing
        values.append(None if value is None else str(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _beyond(rows: QuerySet[Any], order: tuple[str, ...], after: str) -> QuerySet[Any]:
    """The rows after the cursor; all of them when it is empty or somebody has tampered with it."""
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        condition, bound = Q(), Q()
        same: dict[str, Any] = {}
        for number, (field, value) in enumerate(zip(order, values, strict=True)):
            if value is not None and "\0" in value:
                raise ValueError("no text in PostgreSQL holds a NUL")
            name = field.lstrip("-")
            later = _later(rows.model, field, value)
            if later is not None:
                condition |= Q(**same) & later
            if number == 0 and value is not None and not _may_be_empty(rows.model, name):
                # Said apart from the alternatives, it lets the index begin at the cursor.
                bound = Q(**{f"{name}__{'lte' if field.startswith('-') else 'gte'}": value})
            if value is None:
                same[f"{name}__isnull"] = True
            else:
                same[name] = value
        return rows.filter(bound, condition)
    except (ValueError, TypeError, ValidationError):
        return rows


def _later(model: type[Model], field: str, value: Any) -> Q | None:
    """The condition of coming later in this column alone; None where nothing can."""
    name = field.lstrip("-")
    if field.startswith("-"):
        return Q(**{f"{name}__isnull": False}) if value is None else Q(**{f"{name}__lt": value})
    if value is None:
        return None
    later = Q(**{f"{name}__gt": value})
    return later | Q(**{f"{name}__isnull": True}) if _may_be_empty(model, name) else later


def _may_be_empty(model: type[Model], name: str) -> bool:
    """Whether the column, or a relation on the way to it, may be NULL; so may an annotation."""
    at: Any = model
    try:
        for step in name.split("__"):
            field = at._meta.get_field("id" if step == "pk" else step)
            if field.null:
                return True
            at = field.related_model
    except (FieldDoesNotExist, AttributeError):
        return True
    return False
