"""Printed pages as pictures and files, and stacks of them."""

from __future__ import annotations

import functools
import io
from typing import Any

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from PIL import Image

from accounts.models import User
from pairings.models import Pairing
from papers import handing, printing, working
from papers.models import PaperPage, Stack
from tests.activities.making import photo

MONTH = "2026-05"


def printed(pairing: Pairing, month: str = MONTH, *, dpi: int = 150) -> list[Image.Image]:
    """Both pages of a pair's month as a scanner would see them."""
    pdf = printing.render(printing.sheets([pairing], month))
    return rasterised(pdf, dpi)


@functools.lru_cache(maxsize=8)
def rasterised(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def blank(shade: int = 240) -> Image.Image:
    """A page without a code; each shade is another page."""
    return Image.new("RGB", (620, 877), (shade, shade, shade))


def jpeg(picture: Image.Image, quality: int = 85, **save: Any) -> bytes:
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=quality, **save)
    return drawn.getvalue()


def pdf_of(pictures: list[Image.Image]) -> bytes:
    drawn = io.BytesIO()
    pictures[0].save(drawn, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return drawn.getvalue()


def upload(content: bytes, name: str = "扫描.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_stack(*pictures: Image.Image, by: User) -> Stack:
    """Handed in as one PDF and not read yet."""
    file = handing.looked_into(upload(pdf_of(list(pictures))))
    return handing.hand_in([file], by=by, key=None)


def read_stack(*pictures: Image.Image, by: User) -> Stack:
    stack = make_stack(*pictures, by=by)
    with TestCase.captureOnCommitCallbacks(execute=True):
        working.run(stack.pk)
    stack.refresh_from_db()
    return stack


def states(stack: Stack) -> list[str]:
    return list(stack.pages.order_by("position").values_list("state", flat=True))


def make_placed(*, pairing: Pairing, by: User, month: str = MONTH) -> PaperPage:
    """A page with its pair without a printer or a scanner."""
    return _make_page(by, state="placed", pairing=pairing, month=month)


def make_waiting(*, by: User) -> PaperPage:
    return _make_page(by, state="waiting")


def _make_page(by: User, **fields: Any) -> PaperPage:
    stack = Stack.objects.create(created_by=by, pages_total=1)
    number = PaperPage.objects.count() + 1
    page = PaperPage(stack=stack, position=1, uploaded_by=by, digest=f"{number:064d}", **fields)
    page.version = number
    for name in ("file", "small"):
        getattr(page, name).save(f"{name}.jpg", photo(), save=False)
    page.save()
    return page
