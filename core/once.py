"""A form sent twice has one result."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from core.models import Keyed

Row = TypeVar("Row", bound=Keyed)


def once(model: type[Row], *, by: Any, key: uuid.UUID | None, make: Callable[[], Row]) -> Row:
    """The row that `make` saves, or the one that this user's form with this key made before.

    `make` must save a row with `created_by=by, client_key=key`; it runs in one transaction, so
    what it writes besides (events) is there once as well. Other integrity errors pass through.
    """
    made_before = model._default_manager.filter(created_by=by, client_key=key)
    if key is not None and (found := made_before.first()):
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        if key is not None and (found := made_before.first()):
            return found
        raise
