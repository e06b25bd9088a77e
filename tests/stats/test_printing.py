"""The table as a PDF: every figure, every definition, on A4 across."""

from __future__ import annotations

import datetime as dt
import re
import subprocess

import pytest

from core.glyphs import MissingGlyph
from stats import exports, figures
from stats.grids import notes, remarks
from tests.factories import make_unit
from tests.stats.population import populate
from tests.stats.test_exports import expected

DAY = dt.date(2026, 6, 30)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def table(tree):
    populate(tree, 41)
    return figures.table(tree.city, DAY, dt.date(2026, 4, 1))


def test_it_holds_every_figure_and_every_definition(table):
    pages = squeezed(text_of(exports.write_pdf(table)))
    assert squeezed(exports.title_of(table)) in pages
    assert "单位：湖州市截至日期：2026年6月30日统计期：2026年4月1日至2026年6月30日" in pages
    for line, values in expected(table):
        assert line.name in pages
        for value in values:
            shown = "—" if value is None else f"{value:,}"
            assert shown in pages
    assert "填表人：" in pages
    for note in [*notes(table, table.columns), *remarks(table)]:
        assert squeezed(note)[:16] in pages


def test_the_rows_of_a_section_stand_in_their_order_with_their_figures(table):
    text = text_of(exports.write_pdf(table))
    coverage = text[text.index("结对覆盖率") :]
    rows = [line.split() for line in coverage.splitlines()]
    section = next(section for section in table.sections if section.code == "coverage")
    for line, values in expected(table, [section]):
        shown = ["—" if value is None else f"{value:,}" for value in values]
        shown[-1] = shown[-1] if shown[-1] == "—" else f"{shown[-1]}%"
        assert any(row[-len(shown) :] == shown and row[0] == line.name for row in rows), line.name


def test_the_pages_are_a4_across_and_numbered(table):
    pdf = exports.write_pdf(table)
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    assert "841.89 x 595.276 pts (A4)" in done.stdout.decode()
    assert "—1—" in squeezed(text_of(pdf))


def test_long_tables_repeat_their_heads(tree):
    for number in range(60):
        make_unit(name=f"第{number}镇", kind="township", parent=tree.anji)
    pages = text_of(exports.write_pdf(figures.table(tree.anji, DAY))).split("\f")
    with_rows = [page for page in pages if re.search(r"第\d+镇", page)]
    assert len(with_rows) > 8
    assert all(re.search(r"^\s*单位\s", page, re.M) for page in with_rows)


def test_a_unit_that_no_font_draws_is_named_and_nothing_is_printed(tree):
    make_unit(name="\U000e0100镇", kind="township", parent=tree.anji)
    with pytest.raises(MissingGlyph, match="U\\+E0100"):
        exports.write_pdf(figures.table(tree.anji, DAY))


def test_the_page_says_so_beside_the_figures(cast, tree, signed_in):
    make_unit(name="\U000e0100镇", kind="township", parent=tree.anji)
    address = f"/statistics/export/?unit={tree.anji.pk}&as_of=2026-06-30&format=pdf"
    response = signed_in(cast.county).get(address, follow=True)
    assert "U+E0100" in response.text
    assert response.redirect_chain[0][0].startswith("/statistics/?")
