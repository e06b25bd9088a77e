"""Printed pages as scanners and phones give them back, read for real."""

from __future__ import annotations

import io

import numpy as np
import pypdf
import pytest
from PIL import Image, ImageFilter

from activities.files import Refused
from papers import reading
from tests.papers.made import MONTH, blank, jpeg, pdf_of, printed


@pytest.fixture
def page(cast):
    return printed(cast.pairing)[0]


def told(picture):
    found = reading.find(picture)
    return found and (found.code.page, found.code.month, found.turned)


def warped(picture, corners):
    """The page as it lies askew before a lens: its corners at these pixels, a table around it."""
    width, height = picture.size
    lines, values = [], []
    for (x, y), (u, v) in zip(
        corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True
    ):
        lines += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    plane = np.linalg.solve(np.array(lines, float), np.array(values, float))
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, plane, Image.Resampling.BICUBIC,
        fillcolor="#6b4a2f",
    )  # fmt: skip


@pytest.mark.parametrize(("degrees", "turned"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_a_page_is_read_whichever_way_it_lies_and_kept_upright(page, degrees, turned):
    lying = page.rotate(degrees, expand=True)
    assert told(lying) == (1, MONTH, turned)
    upright = Image.open(io.BytesIO(reading.kept(lying, turned).content))
    assert told(upright) == (1, MONTH, 0)


@pytest.mark.parametrize("degrees", [7, -7, 187])
def test_a_skewed_page_is_read(page, degrees):
    skewed = page.rotate(degrees, expand=True, fillcolor="white")
    assert told(skewed) == (1, MONTH, 2 if degrees > 90 else 0)


def test_a_noisy_page_is_read(page):
    grains = np.random.default_rng(1).normal(0, 60, (page.height, page.width, 3))
    noisy = np.clip(np.asarray(page) + grains, 0, 255).astype(np.uint8)
    assert told(Image.fromarray(noisy)) == (1, MONTH, 0)


def test_a_page_of_jpeg_quality_40_is_read(page):
    assert told(Image.open(io.BytesIO(jpeg(page, quality=40)))) == (1, MONTH, 0)


def test_a_photo_in_perspective_out_of_focus_is_read(page):
    width, height = page.size
    corners = [(200, 170), (width - 90, 60), (width - 190, height - 70), (60, height - 300)]
    photo = warped(page, corners).filter(ImageFilter.GaussianBlur(1.5))
    assert told(Image.open(io.BytesIO(jpeg(photo, quality=40)))) == (1, MONTH, 0)


def test_a_torn_code_is_read(page):
    torn = page.copy()
    right = page.width - round(14 / 210 * page.width)
    torn.paste("#6b4a2f", (right - 60, 100, right - 35, 150))
    assert told(torn) == (1, MONTH, 0)


def test_a_page_without_a_code_is_none(page):
    assert told(blank()) is None
    covered = page.copy()
    covered.paste("white", (page.width // 2, 0, page.width, 300))
    assert told(covered) is None


def test_a_locked_pdf_is_refused_in_words(page):
    locked = pypdf.PdfWriter(io.BytesIO(pdf_of([page])))
    locked.encrypt("secret", algorithm="AES-256")
    content = io.BytesIO()
    locked.write(content)
    with pytest.raises(Refused, match="口令"):
        reading.count_pages(content)


def test_a_pdf_without_pages_is_refused_in_words():
    content = io.BytesIO()
    pypdf.PdfWriter().write(content)
    with pytest.raises(Refused, match="没有页面"):
        reading.count_pages(content)
