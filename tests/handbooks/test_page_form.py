"""The page as GB/T 9704-2012 has it, measured in the PDF: where each character stands."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pypdfium2
import pytest

from handbooks import rendering

MILLIMETRE = 72 / 25.4
# The standard allows a millimetre either way at the margins.
NEAR = 1.0
SIGN = "国"


def facts(**more):
    cover = dict.fromkeys(("mentor", "mentee", "unit", "term", "role", "state", "printed_on"), "甲")
    return {**cover, "pairs": [["导师：甲"]], "plans": [], "months": [], **more}


@pytest.fixture(scope="module")
def full():
    """A page in the middle of one long paragraph: (left, right, top, bottom) by line, in mm."""
    entry = {"title": "1日", "lines": [SIGN * 28 * 22 * 3], "photos": []}
    pdf = rendering.render(facts(months=[{"month": "2026年1月", "entries": [entry]}]))
    page = pypdfium2.PdfDocument(pdf)[3]
    assert [round(side / MILLIMETRE) for side in page.get_size()] == [210, 297]
    text = page.get_textpage()
    lines = defaultdict(list)
    for place in range(text.count_chars()):
        if text.get_text_range(place, 1) == SIGN:
            left, low, right, high = (side / MILLIMETRE for side in text.get_charbox(place))
            lines[round(297 - (low + high) / 2, 1)].append((left, right, 297 - high, 297 - low))
    return [sorted(lines[middle]) for middle in sorted(lines)]


def test_a_full_page_has_22_lines_of_28_characters(full):
    assert [len(line) for line in full] == [28] * 22


def test_the_type_area_is_156_by_225_with_37_above_and_28_at_the_left(full):
    em, pitch = 156 / 28, 225 / 22
    steps = [line[0][2] for line in full]
    assert {round(b - a, 2) for a, b in pairwise(steps)} == {round(pitch, 2)}
    first, last = full[0][0], full[-1][-1]
    ink = first[1] - first[0]
    side = (em - ink) / 2  # a character stands in the middle of its square
    assert first[0] - side == pytest.approx(28, abs=NEAR)
    assert last[1] + side == pytest.approx(28 + 156, abs=NEAR)
    assert 37 <= first[2] <= 37 + 1
    assert last[3] <= 37 + 225
    assert last[3] == pytest.approx(37 + 225 - (pitch - em), abs=NEAR)


def test_the_body_is_of_size_three(full):
    """3号 is 16 points; 28 of them are 1.9 mm wider than the type area, which goes before."""
    across = full[0][1][0] - full[0][0][0]
    assert across * MILLIMETRE == pytest.approx(16, abs=0.25)


def test_the_page_number_stands_outside_one_character_in_and_the_cover_has_none():
    entry = {"title": "1日", "lines": [SIGN * 28 * 22 * 2], "photos": []}
    pdf = rendering.render(facts(months=[{"month": "2026年1月", "entries": [entry]}]))
    document, feet = pypdfium2.PdfDocument(pdf), []
    for page in document:
        text = page.get_textpage()
        boxes = [
            text.get_charbox(place, loose=True)
            for place in range(text.count_chars())
            if text.get_text_range(place, 1) == "—"
        ]
        feet.append([(boxes[0][0] / MILLIMETRE, boxes[-1][2] / MILLIMETRE)] if boxes else [])
    sign = 14 / MILLIMETRE  # 4号
    assert [len(foot) for foot in feet] == [0, 1, 1, 1]
    for number, side, wanted in ((2, 0, 28 + sign), (3, 1, 184 - sign), (4, 0, 28 + sign)):
        assert feet[number - 1][0][side] == pytest.approx(wanted, abs=NEAR)
