"""The code tables as the register reads them: names of codes, choices, and words of offices.

The tables are rows (`cadres.models.Code`, `CodeAlias`); 130 of them are read at once and kept for
a few seconds, so that a page asks no query a row and another process's change is seen soon.

Sources of the codes that rules rest on: GB/T 2261.1 (gender), GB/T 4762 (political status),
GB/T 4658 (education). 人员类别 has no national code; its codes are ours.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

from django.apps import apps

from units.models import Unit

# 「本科及以上」 counts 毕业 at 博士, 硕士 and 本科 level, of full-time or in-service education;
# neither 结业 and 肄业 nor 研究生班 (17) and 大学普通班 (28).
BACHELOR_OR_MORE = ("11", "14", "21")
# 结业 and 肄业: a completed education of a lower level stands above them.
UNFINISHED = (
    "12", "13", "15", "16", "18", "19", "22", "23", "32", "33", "42", "43", "45", "46", "48", "49",
    "62", "63", "73", "83",
)  # fmt: skip
PARTY_MEMBERS = ("01", "02")

_SECONDS = 3.0


class Tables(NamedTuple):
    """All rows at one moment, by table."""

    names: dict[str, dict[str, str]]  # every code, so that old rows keep their word
    in_use: dict[str, list[tuple[str, str]]]
    words: dict[str, dict[int | None, dict[str, str]]]  # by the unit whose word it is
    until: float  # on the clock of time.monotonic


_kept: Tables | None = None


def tables() -> Tables:
    """The rows as they stood a few seconds ago at most."""
    global _kept
    if _kept is None or _kept.until < time.monotonic():
        _kept = _read()
    return _kept


def forget() -> None:
    """Read the rows again at the next question: this process has changed them."""
    global _kept
    _kept = None


def _read() -> Tables:
    names: dict[str, dict[str, str]] = {}
    in_use: dict[str, list[tuple[str, str]]] = {}
    words: dict[str, dict[int | None, dict[str, str]]] = {}
    rows = apps.get_model("cadres", "Code").objects.order_by("table", "position", "code")
    for table, code, name, is_active in rows.values_list("table", "code", "name", "is_active"):
        names.setdefault(table, {})[code] = name
        words.setdefault(table, {}).setdefault(None, {})[name] = code
        if is_active:
            in_use.setdefault(table, []).append((code, name))
    aliases = apps.get_model("cadres", "CodeAlias").objects.order_by("pk")
    for table, unit, word, code in aliases.values_list("table", "unit", "word", "code__code"):
        words.setdefault(table, {}).setdefault(unit, {}).setdefault(word, code)
    return Tables(names, in_use, words, time.monotonic() + _SECONDS)


def name(table: str, code: str) -> str:
    """The word for a code; the code itself where the table does not know it, "" for blank."""
    return tables().names.get(table, {}).get(code, code)


def choices(table: str) -> list[tuple[str, str]]:
    """Codes in use with their names, in the order of the standard."""
    return list(tables().in_use.get(table, ()))


def words(table: str, unit: Unit | None = None) -> Mapping[str, str]:
    """Word → code for the files of a unit: names, the words known everywhere, and those that the
    unit and the units above it have added (the nearest office's word holds)."""
    by_unit = tables().words.get(table, {})
    meant = dict(by_unit.get(None, {}))
    for above in unit.ancestor_ids if unit else ():
        meant |= by_unit.get(above, {})
    return meant


def highest(*codes: str) -> str:
    """The highest of these educations: completed ones first, then the lower code of GB/T 4658."""
    known = [code for code in codes if code]
    return min(known, key=lambda code: (code in UNFINISHED, code), default="")
