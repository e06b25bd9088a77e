"""Rows straight into their tables by COPY: creation times in the past stay as they are given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models

from tables.loading import Load


def copy_rows(rows: Iterable[models.Model]) -> int:
    """Insert unsaved instances of one model as they are; no save(), no signals. Their number."""
    load: Load | None = None
    names: list[str] = []
    for row in rows:
        if load is None:
            fields: list[Any] = [f for f in row._meta.local_concrete_fields if not f.generated]
            # Numbers from a sequence come from the sequence, unless the row brings its own.
            fields = [f for f in fields if not (f.primary_key and row.pk is None)]
            load = Load(row._meta.db_table, [field.column for field in fields])
            names = [field.attname for field in fields]
        values = (getattr(row, name) for name in names)
        load.add(json.dumps(value) if isinstance(value, dict) else value for value in values)
    return load.pour() if load else 0
