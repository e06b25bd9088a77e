"""The table of administrative divisions, as the statistics bureau gives it out, made into units.

Some codes stand twice in the real table: 东莞市, 中山市 and 儋州市 are a city and, one level down,
a county of the same code; 金门县 is a county and a township. So the key is code and level, a row
whose parent is its own code stands below its other unit, and the children of such a code stand
below the deepest unit of that code.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import squeeze
from units.models import FormerName, Kind, Unit, UnitEvent, Verb

COLUMNS = ("code", "name", "level", "parent_code")
LEVELS = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE)
RANK: dict[str, int] = {level: number for number, level in enumerate(LEVELS)}
NAME_LENGTH = 100
Key = tuple[str, str]  # code, level


class Division(NamedTuple):
    line: int
    code: str
    name: str
    level: str
    parent_code: str

    @property
    def key(self) -> Key:
        return self.code, self.level


class Report(NamedTuple):
    created: int
    unchanged: int
    renamed: list[str]
    kept: list[str]
    repeated: list[str]


class Refused(Exception):
    """The file cannot be loaded; `faults` are sentences for the person who gave it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read(path: Path) -> list[Division]:
    """The rows of a .csv or .csv.gz in UTF-8 or GBK; raises Refused with the reason."""
    try:
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
    except FileNotFoundError:
        raise Refused([_("There is no file %(path)s.") % {"path": path}]) from None
    except IsADirectoryError:
        raise Refused([_("%(path)s is a folder, not a file.") % {"path": path}]) from None
    except PermissionError:
        raise Refused([_("The file %(path)s may not be read.") % {"path": path}]) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Refused([_("The compressed file is damaged. Fetch it anew.")]) from None
    return _rows(_text(content))


def _text(content: bytes) -> str:
    if not content.strip():
        raise Refused([_("The file is empty.")])
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused([_("This is a workbook. Save it as CSV and load that.")])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused([_("This is not a CSV file in UTF-8 or GBK.")])


def _rows(text: str) -> list[Division]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = []
    try:
        header = [squeeze(cell).lower() for cell in next(reader)]
        if missing := [name for name in COLUMNS if name not in header]:
            raise Refused(
                [_("These columns are missing: %(names)s.") % {"names": "、".join(missing)}]
            )
        places = [header.index(name) for name in COLUMNS]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                cells += [""] * (len(header) - len(cells))
                found.append(
                    Division(reader.line_num, *(squeeze(cells[place]) for place in places))
                )
    except csv.Error:
        raise Refused(
            [_("Row %(line)s is not readable as CSV.") % {"line": reader.line_num}]
        ) from None
    if not found:
        raise Refused([_("The file has a header and no rows.")])
    return found


@transaction.atomic
def load(rows: list[Division]) -> Report:
    """Make, rename or leave a unit for every row: all of them, or Refused and none.

    A unit that was moved by hand stays where it stands and is reported as kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
    distinct, repeated = _checked(rows)
    units: dict[Key, Unit] = {
        (unit.code or "", unit.kind): unit
        for unit in Unit.objects.exclude(code=None)
        .select_related("parent")
        .prefetch_related("former_names")
    }
    parents = _parents(distinct, units)
    new = [row for row in distinct if row.key not in units]
    new.sort(key=lambda row: RANK[row.level])
    for row, number in zip(new, _fresh_ids(len(new)), strict=True):
        units[row.key] = Unit(pk=number, code=row.code, name=row.name, kind=row.level)
    fresh = {row.key for row in new}
    for row in new:
        unit = units[row.key]
        above = parents[row.key]
        unit.parent = units[above] if above else None
        unit.settle()
    Unit.objects.bulk_create([units[row.key] for row in new], batch_size=5000)
    old = [row for row in distinct if row.key not in fresh]
    renamed = _rename(
        [(units[row.key], row.name) for row in old if units[row.key].name != row.name]
    )
    return Report(
        created=len(new),
        unchanged=len(old) - len(renamed),
        renamed=renamed,
        kept=_kept([row for row in old if row.level != Kind.PROVINCE], units, parents),
        repeated=repeated,
    )


def _checked(rows: list[Division]) -> tuple[list[Division], list[str]]:
    """The rows without exact repetitions, and sentences about codes that stand twice."""
    first: dict[Key, Division] = {}
    by_code: dict[str, list[Division]] = defaultdict(list)
    faults, repeated = [], []
    for row in rows:
        if fault := _fault(row):
            faults.append(fault)
            continue
        other = first.setdefault(row.key, row)
        facts = {"line": row.line, "other": other.line, "code": row.code, "name": row.name}
        if other is row:
            by_code[row.code].append(row)
        elif other.name != row.name:
            facts["other_name"] = other.name
            faults.append(
                _(
                    "Row %(line)s: code %(code)s is %(name)s here and %(other_name)s "
                    "in row %(other)s, at the same level."
                )
                % facts
            )
        elif other.parent_code != row.parent_code:
            faults.append(
                _("Row %(line)s: %(name)s %(code)s has another parent in row %(other)s.") % facts
            )
        else:
            repeated.append(
                _("Row %(line)s: %(name)s %(code)s repeats row %(other)s and counts once.") % facts
            )
    if faults:
        raise Refused(faults)
    for code, same in by_code.items():
        if len(same) > 1:
            names = "、".join(f"{row.name}（{Kind(row.level).label}）" for row in same)
            repeated.append(
                _("Code %(code)s stands for several units, all of them kept: %(names)s.")
                % {"code": code, "names": names}
            )
    return list(first.values()), repeated


def _fault(row: Division) -> str:
    facts = {"line": row.line, "code": row.code, "name": row.name, "level": row.level}
    if not re.fullmatch(r"[0-9]{12}", row.code):
        return _("Row %(line)s: “%(code)s” is not a code of 12 digits.") % facts
    if row.level not in RANK:
        return _("Row %(line)s: there is no level “%(level)s”.") % facts
    if not row.name or len(row.name) > NAME_LENGTH:
        return _("Row %(line)s: the name is empty or longer than 100 characters.") % facts
    if not row.parent_code and row.level != Kind.PROVINCE:
        return _("Row %(line)s: %(name)s has no parent code.") % facts
    return ""


def _parents(rows: list[Division], known: dict[Key, Unit]) -> dict[Key, Key | None]:
    """The key of each row's parent: the deepest unit of the parent code above the row's level."""
    levels: dict[str, set[str]] = defaultdict(set)
    for code, level in [*known, *(row.key for row in rows)]:
        if level in RANK:
            levels[code].add(level)
    found: dict[Key, Key | None] = {}
    faults = []
    for row in rows:
        above = [level for level in levels[row.parent_code] if RANK[level] < RANK[row.level]]
        if above:
            found[row.key] = row.parent_code, max(above, key=RANK.__getitem__)
        elif not row.parent_code:
            found[row.key] = None
        else:
            facts = {"line": row.line, "name": row.name, "parent": row.parent_code}
            faults.append(_("Row %(line)s: there is no unit %(parent)s above %(name)s.") % facts)
    if faults:
        raise Refused(faults)
    return found


def _fresh_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('units_unit', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in cursor.fetchall()]


def _rename(changes: list[tuple[Unit, str]]) -> list[str]:
    # The table does not say since when; the old name counts up to yesterday.
    today = timezone.localdate()
    events = [UnitEvent(unit=u, verb=Verb.RENAME, detail=u.name) for u, _name in changes]
    former = [former for unit, _name in changes if (former := unit.name_until(today))]
    said = [f"{unit.code} {unit.name} → {name}" for unit, name in changes]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE units_unit SET name = new.name"
            " FROM unnest(%s::bigint[], %s::text[]) AS new (id, name)"
            " WHERE units_unit.id = new.id",
            [[unit.pk for unit, _name in changes], [name for _unit, name in changes]],
        )
    UnitEvent.objects.bulk_create(events, batch_size=5000)
    FormerName.objects.bulk_create(former, batch_size=5000)
    return said


def _kept(
    rows: list[Division], units: dict[Key, Unit], parents: dict[Key, Key | None]
) -> list[str]:
    """Sentences about units that stand elsewhere than the file says."""
    found = []
    for row in rows:
        unit, parent = units[row.key], parents[row.key]
        if parent and unit.parent_id != units[parent].pk:
            facts = {"name": row.name, "code": row.code}
            facts |= {"here": unit.parent.name if unit.parent else "", "there": units[parent].name}
            found.append(
                _("%(name)s %(code)s stays below %(here)s; the file has it below %(there)s.")
                % facts
            )
    return found
