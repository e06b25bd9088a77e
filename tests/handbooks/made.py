"""Plain functions that make this room's rows and read its files."""

from __future__ import annotations

import zipfile

from handbooks import many
from handbooks.models import HandbookRun
from tests.factories import make_cadre, make_mentor, make_pairing
from units.models import Unit


def asked(by, unit: Unit, **fields) -> HandbookRun:
    fields.setdefault("purpose", "年度考核备案")
    return HandbookRun.objects.create(created_by=by, unit=unit, **fields)


def ran(by, unit: Unit, **fields) -> HandbookRun:
    run = asked(by, unit, **fields)
    many.run(run.pk)
    run.refresh_from_db()
    return run


def names_in(run: HandbookRun) -> list[str]:
    with run.file.open("rb") as content, zipfile.ZipFile(content) as archive:
        return sorted(archive.namelist())


def read_from(run: HandbookRun, name: str) -> bytes:
    with run.file.open("rb") as content, zipfile.ZipFile(content) as archive:
        return archive.read(name)


def couple(unit: Unit, mentor: str, mentee: str, **fields):
    """A pair of two people of one unit."""
    one = make_mentor(cadre=make_cadre(unit=unit, name=mentor))
    return make_pairing(mentor=one, mentee=make_cadre(unit=unit, name=mentee), **fields)
