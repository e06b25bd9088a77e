"""Whatever a workbook is made of valid people, the same people come back; whatever else it is,
it ends in rows or in a sentence.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosters.annotating import annotate
from rosters.book import Unreadable
from rosters.headings import propose
from rosters.rows import read_rows
from tests.cadres.sheets import id_number, xlsx
from tests.rosters.awful.make import FILES
from tests.rosters.awful.texts import text
from tests.rosters.people import KIND

pytestmark = pytest.mark.django_db
a_few = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# Letters of a name, common and rare; a blank only between two.
NAME = st.text(
    st.sampled_from("王李赵小明红国建㛃𬱖𠮷阿依古丽·Ax"), min_size=2, max_size=12
).filter(lambda name: name.strip("·") == name)
PERSON = st.fixed_dictionaries(
    {
        "name": NAME,
        "gender": st.sampled_from(["男", "女"]),
        "birth_month": st.dates().map(lambda day: f"{1960 + day.year % 40}.{day.month:02}"),
        "unit": st.sampled_from(["上墅乡", "递铺街道党政办", "某县（开发区）管委会"]),
    },
    optional={
        "title": st.sampled_from(["干事", "党委委员、武装部长", "=干事", "-", "一级主任科员 "]),
        "id_number": st.integers(100, 999).map(lambda order: id_number(order=str(order))),
        "phone": st.integers(13_000_000_000, 19_999_999_999).map(str),
    },
)
PEOPLE = st.lists(PERSON, min_size=1, max_size=6)
FIELDS = ["name", "gender", "birth_month", "unit", "title", "id_number", "phone"]
NAMES = {column.field: [column.name, *column.aliases] for column in KIND.columns}


def old_format(rows: list[list[str]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


WRITERS = {
    "xlsx": lambda rows: xlsx(*rows),
    "xls": old_format,
    "csv in GB18030": lambda rows: text(rows).encode("gb18030"),
    "csv in UTF-8": lambda rows: text(rows).encode("utf-8-sig"),
    "tsv in UTF-16": lambda rows: text(rows, "\t").encode("utf-16"),
}


def as_read(person: dict[str, str]) -> dict[str, str]:
    """A stroke says nothing, and blanks at the end go."""
    return {k: v.strip() for k, v in person.items() if v != "-"}


@a_few
@given(data=st.data(), people=PEOPLE, writer=st.sampled_from(sorted(WRITERS)))
def test_people_come_back_as_they_were_written(tree, data, people, writer):
    fields = data.draw(st.permutations(FIELDS))
    head = [data.draw(st.sampled_from(NAMES[field])) for field in fields]
    titles = [["干部花名册"], ["填报单位：某县"], []][: data.draw(st.integers(0, 3))]
    rows = [[person.get(field, "") for field in fields] for person in people]
    content = WRITERS[writer]([*titles, head, *rows])
    mapping = propose(content, KIND, tree.anji)
    assert mapping["doubts"] == []
    found = list(read_rows(content, mapping))
    assert [cells for _sheet, _number, cells in found] == [as_read(p) for p in people]
    first = len(titles) + 2
    assert [number for _s, number, _c in found] == [*range(first, first + len(people))]


def ends_well(content: bytes, unit: Any) -> None:
    """In rows and a workbook to go back, or in a sentence: any other exception fails the test."""
    with suppress(Unreadable):
        mapping = propose(content, KIND, unit)
        rows = list(read_rows(content, mapping))
        assert all(set(cells) <= set(NAMES) for _sheet, _number, cells in rows)
        remarks = {(sheet, number): [("name", "看")] for sheet, number, _cells in rows}
        assert annotate(content, "册.xls", mapping, remarks).startswith(b"PK")


@a_few
@given(
    st.binary(max_size=2_000), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>"])
)
def test_any_bytes_end_well(tree, content, start):
    ends_well(start + content, tree.anji)


@a_few
@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_any_text_ends_well(tree, written, encoding):
    ends_well(written.encode(encoding, "ignore"), tree.anji)
    ends_well(f"姓名,性别,出生年月,单位\n{written}".encode(encoding, "ignore"), tree.anji)


@a_few
@given(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                "<tr>",
                "<td rowspan=3>",
                "</td>",
                "<table>",
                "<td colspan=99999>",
                "</table>",
                "<script>",
                "姓名",
                "&#0;",
                "<td rowspan=-1>",
            ]
        ),
        max_size=30,
    ),
)
def test_any_page_ends_well(tree, written, tags):
    ends_well(f"<html><table><tr>{''.join(tags)}{written}".encode(errors="ignore"), tree.anji)


MUTABLE = [
    "two_row_header_merged.xlsx", "a_hidden_second_table.xlsx", "the_old_format.xls",
    "an_open_document.ods", "formulas_that_failed.xlsx",
]  # fmt: skip


@cache
def made(name: str) -> bytes:
    """Once a session: a zip holds the time it was made at."""
    return FILES[name]()


@a_few
@given(data=st.data(), name=st.sampled_from(MUTABLE))
def test_a_damaged_workbook_ends_well(tree, data, name):
    content = bytearray(made(name))
    for _time in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(1, len(content)))
    ends_well(bytes(content[: length if data.draw(st.booleans()) else None]), tree.anji)


@settings(a_few, max_examples=10)
@given(data=st.data(), name=st.sampled_from([n for n in MUTABLE if not n.endswith(".xls")]))
def test_a_workbook_of_damaged_parts_ends_well(tree, data, name):
    """The zip is whole, what is in it is not: cut off, turned over, or text in the wrong place."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made(name))) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        harmed = data.draw(st.sampled_from(source.namelist()))
        for part in source.namelist():
            xml = bytearray(source.read(part))
            if part == harmed and xml:
                at = data.draw(st.integers(0, len(xml) - 1))
                piece = data.draw(st.sampled_from([b"", b"<", b'r="', b"99999999", b"A1048576"]))
                xml[at : at + data.draw(st.integers(0, 40))] = piece
            archive.writestr(part, bytes(xml))
    ends_well(target.getvalue(), tree.anji)
