"""What leaves as a workbook is opened by LibreOffice: every cell holds what was written."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from cadres.models import Posting
from mentors.importing.template import cadres_workbook
from rosters.annotating import annotate
from rosters.headings import propose
from snapshots import files
from snapshots.differences import figures_changed, parts
from snapshots.workbook import write_differences
from stats import exports, figures
from tests.activities.making import make_visit
from tests.factories import make_cadre
from tests.office.libreoffice import opened
from tests.rosters.people import KIND
from tests.rosters.test_annotating import REMARKS, an_office_workbook
from tests.snapshots.made import sealed
from tests.stats.population import populate

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
AWKWARD = ("=HYPERLINK(1)", "@买买提·吾甫尔", "𬱖㛃𠮷", "+86", "<李&明>", "0012", "_x0041_")

# Its texts stand in the cells, which openpyxl reads as they are.
STREAMED = {"list"}


@pytest.fixture
def books(cast, tree, signed_in):
    for name in AWKWARD:
        make_cadre(unit=tree.shangshu, name="单小明", title=name, birth_month="1991-10")
    client = signed_in(cast.county)
    listed = b"".join(client.post("/cadres/export/", {"format": "xlsx"}).streaming_content)
    Posting.objects.filter(title__in=AWKWARD).update(from_on=dt.date(2026, 8, 1))
    populate(tree, 21)
    roster = an_office_workbook()
    asked = f"unit={tree.anji.pk}&as_of=2026-09-30&then=2026-06-30"
    compared = client.get(f"/statistics/compare/file/?{asked}&section=shares&format=xlsx")
    changed = client.post(
        f"/statistics/changes/file/?{asked}&indicator=people",
        {"purpose": "核对三季度变动", "format": "xlsx"},
    )
    snapshot = sealed(tree.anji, dt.date(2026, 6, 30), by=cast.county)
    make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 6, 3))
    differ = figures_changed(snapshot), parts(snapshot, cast.county)
    return {
        "sealed": files.write(snapshot, "xlsx"),
        "differences": write_differences(snapshot, *differ),
        "list": listed,
        "statistics": exports.write_xlsx(figures.table(tree.city, dt.date(2026, 6, 30))),
        "comparison": compared.content,
        "changes": changed.content,
        "template": cadres_workbook(cast.county),
        "annotated": annotate(roster, "册.xlsx", propose(roster, KIND, tree.anji), REMARKS),
    }


def test_every_cell_is_read_as_it_was_written(books, tmp_path):
    read = opened(tmp_path, books)
    for name, content in books.items():
        written = openpyxl.load_workbook(io.BytesIO(content))
        assert read[name].sheetnames == written.sheetnames
        for sheet in written:
            expected = meant(cells(sheet)) if name in STREAMED else cells(sheet)
            assert cells(read[name][sheet.title]) == expected, f"{name}: {sheet}"


def test_the_names_behind_a_difference_are_texts_and_its_numbers_numbers(books, tmp_path):
    read = opened(tmp_path, {name: books[name] for name in ("comparison", "changes")})
    table = read["comparison"].worksheets[0]
    assert {table.cell(4, column).data_type for column in range(3, 10)} == {"n"}
    posts = [row[3] for row in read["changes"].worksheets[0].iter_rows(values_only=True)]
    assert {"'=HYPERLINK(1)", "'@买买提·吾甫尔", "'+86", "0012"} <= set(posts)


@pytest.mark.parametrize("name", ["sealed", "differences"])
def test_a_sheet_is_printed_across_on_a4_with_who_answers_for_it(books, tmp_path, name):
    for sheet in opened(tmp_path, {name: books[name]})[name]:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        last = list(cells(sheet).values())[-3:]
        assert last == ["填表人：", "审核人：", "联系电话："]
        assert sheet.print_title_rows


def test_figures_of_differences_are_numbers(books, tmp_path):
    sheet = opened(tmp_path, {"differences": books["differences"]})["differences"].worksheets[0]
    found = [row[2:5] for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert [now - then for then, now, _change in found] == [row[2] for row in found]
    assert {row[2] for row in found} == {1, -1}  # a visit more, a pair less without a record
    assert {type(value) for row in found for value in row} == {int}


def test_what_begins_like_a_formula_stays_a_text(books, tmp_path):
    sheet = opened(tmp_path, {"list": books["list"]})["list"].worksheets[0]
    titles = next(col for col in sheet.iter_cols(values_only=True) if "职务" in col)
    assert set(AWKWARD) <= set(titles)
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}


def test_the_pick_lists_of_the_template_are_there(books, tmp_path):
    sheet = opened(tmp_path, {"template": books["template"]})["template"].worksheets[0]
    written = openpyxl.load_workbook(io.BytesIO(books["template"])).worksheets[0]
    assert lists(sheet) == lists(written)
    assert lists(sheet)


def cells(sheet):
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def meant(found):
    """openpyxl leaves a text that looks like an escape as our file writes it, escaped."""
    return {
        place: unescape(value) if isinstance(value, str) else value
        for place, value in found.items()
    }


def lists(sheet):
    """Column and first row of each pick-list; LibreOffice cuts the long ones off when it saves."""
    return {
        (area.min_col, area.min_row)
        for validation in sheet.data_validations.dataValidation
        if validation.type == "list"
        for area in validation.sqref.ranges
    }
