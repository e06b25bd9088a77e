"""What a file that somebody handed in holds: how many pages, and the code on each.

pdfium is not made for two threads at once: one lock for all of it.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageFilter
from pypdfium2 import raw

from activities.files import LONGEST_EDGE, Refused
from papers import codes

MOST_PAGES = 200  # of one stack
SMALL_EDGE = 360
_QUALITY = 80
_HALF = 1280  # a page of A4 at 110 dpi: enough for most codes, a quarter of the work


class Damaged(Exception):
    """The page cannot be drawn."""


class Found(NamedTuple):
    code: codes.Code
    turned: int  # quarter turns, clockwise, in which the page lies


class Kept(NamedTuple):
    """A page as it is stored."""

    content: bytes
    small: bytes
    digest: str


_pdfium = threading.Lock()


@contextmanager
def _document(file: IO[bytes]) -> Iterator[Any]:
    with _pdfium:
        document = pdfium.PdfDocument(file)
        try:
            yield document
        finally:
            document.close()


def count_pages(file: IO[bytes]) -> int:
    """How many pages a PDF has; activities.files.Refused, in words, where it cannot be read."""
    file.seek(0)
    try:
        with _document(file) as document:
            pages = len(document)
    except pdfium.PdfiumError as error:
        raise Refused(_why(file, error)) from None
    finally:
        file.seek(0)
    if not pages:
        raise Refused(_UNREADABLE)
    return pages


_UNREADABLE = gettext_lazy("the PDF is damaged, cut off or without a page")


def _why(file: IO[bytes], error: pdfium.PdfiumError) -> str:
    """pdfium keeps the cause of an earlier failure where it has none: the file is asked as well."""
    file.seek(0)
    if error.err_code == raw.FPDF_ERR_PASSWORD and b"/Encrypt" in file.read():
        return _("the PDF is locked by a password; save it without one")
    return str(_UNREADABLE)


def picture_of(content: bytes) -> Image.Image:
    """A picture that was drawn anew when it was handed in (activities.files)."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            return image.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise Damaged from None


def find(picture: Image.Image) -> Found | None:
    """The first code of ours on the page; None where there is none or none can be read."""
    for gray in _tries(picture.convert("L")):
        read = zxingcpp.read_barcodes(
            np.asarray(gray),
            formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
            try_invert=False,
            text_mode=zxingcpp.TextMode.Plain,
        )
        for one in read:
            try:
                return Found(codes.read(one.text), round(one.orientation / 90) % 4)
            except codes.Unreadable:
                continue  # a code of somebody else's on the same paper
    return None


def _tries(gray: Image.Image) -> Iterator[Image.Image]:
    """From the quick to the thorough: small, whole, smoothed for noise, enlarged for distance."""
    half = gray.copy()
    half.thumbnail((_HALF, _HALF), Image.Resampling.BOX)
    yield half
    yield gray
    yield gray.filter(ImageFilter.GaussianBlur(1.5))
    width, height = gray.size
    if max(width, height) <= LONGEST_EDGE:
        yield gray.resize((width * 2, height * 2), Image.Resampling.BICUBIC)


def kept(picture: Image.Image, turned: int = 0) -> Kept:
    """The page upright, as JPEG without a word besides, with a small one and its digest."""
    upright = picture.rotate(90 * turned, expand=True) if turned else picture
    small = upright.copy()
    small.thumbnail((SMALL_EDGE, SMALL_EDGE))
    content = _jpeg(upright)
    return Kept(content, _jpeg(small), hashlib.sha256(content).hexdigest())


def _jpeg(picture: Image.Image) -> bytes:
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=_QUALITY)
    return drawn.getvalue()
