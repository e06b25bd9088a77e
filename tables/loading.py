"""Rows into a table by PostgreSQL's COPY: many at once, as they are given; no save()."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.db import connection, models
from django.utils import timezone

_IN_MEMORY = 4 * 2**20  # bytes; more goes to a file that has no name


class Load:
    """Rows gathered for one table, and written by `pour` in one statement.

    The values of a row come in the order of `columns`: None, text, numbers, dates, UUIDs, and
    dicts or lists for JSON columns.
    """

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table, self.columns = table, tuple(columns)
        self.count = 0
        self._file = _space()

    def add(self, row: Iterable[Any]) -> None:
        self._write(map(written, row))

    def _write(self, line: Iterable[str]) -> None:
        self._file.write(("\t".join(line) + "\n").encode())
        self.count += 1

    def pour(self) -> int:
        """Write what was gathered and begin anew; how many rows."""
        poured, self.count = self.count, 0
        if poured:
            self._file.seek(0)
            names = ", ".join(f'"{column}"' for column in self.columns)
            with connection.cursor() as cursor:
                cursor.copy_expert(f'COPY "{self.table}" ({names}) FROM STDIN', self._file)
            self._file.seek(0)
            self._file.truncate()
        return poured


def _space() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(_IN_MEMORY)


class ModelLoad(Load):
    """Rows of a model by field (attname); what a row does not name is `shared`, else the field's
    default, which is asked for once. Numbers from a sequence come from the sequence."""

    def __init__(self, model: type[models.Model], **shared: Any) -> None:
        fields = [
            field
            for field in model._meta.local_concrete_fields
            if not field.generated and not isinstance(field, models.AutoField)
        ]
        super().__init__(model._meta.db_table, [str(field.column) for field in fields])
        names = [field.attname for field in fields]
        if unknown := {*shared} - {*names}:
            raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
        self._at = {name: at for at, name in enumerate(names)}
        self._line = [
            written(shared[f.attname] if f.attname in shared else _default(f)) for f in fields
        ]

    def put(self, **values: Any) -> None:
        """A row; KeyError for a field that the model does not have."""
        line = self._line.copy()
        for name, value in values.items():
            line[self._at[name]] = written(value)
        self._write(line)


def _default(field: models.Field[Any, Any]) -> Any:
    is_moment = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return timezone.now() if is_moment else field.get_default()


def written(value: Any) -> str:
    """A value as COPY's text format takes it."""
    if isinstance(value, str):
        return value if "\\" not in value and value.isprintable() else _escaped(value)
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (dict, list)):
        return _escaped(json.dumps(value, ensure_ascii=False)) if value else _EMPTY[type(value)]
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value)


_EMPTY = {dict: "{}", list: "[]"}


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
