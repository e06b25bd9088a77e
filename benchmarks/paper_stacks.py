"""What benchmarks.papers measures; Django's apps are there when this is imported."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Callable
from typing import Any

import pypdfium2
from PIL import Image

from papers import codes, printing, reading
from papers.drawing import drawer


def sheet() -> dict[str, Any]:
    pair = uuid.uuid4()
    texts = [codes.text_of(codes.Code(pair, "2026-05", number)) for number in (1, 2)]
    return {
        "mentor": "褚师傅", "mentee": "马徒弟", "unit": "上墅乡", "month": "2026年5月",
        "steps": ["到村走访二十户，写出调研报告"] * 4, "more": False,
        "codes": [codes.spaced(text) for text in texts],
        "pictures": [printing._picture(text) for text in texts],
    }  # fmt: skip


def scanned(pages: int) -> list[bytes]:
    document = pypdfium2.PdfDocument(printing.render([sheet() for _ in range((pages + 1) // 2)]))
    found = []
    for number in range(pages):
        picture = document[number].render(scale=200 / 72).to_pil().convert("RGB")
        drawn = io.BytesIO()
        picture.rotate(180 if number % 3 == 0 else 0).save(drawn, "JPEG", quality=60)
        found.append(drawn.getvalue())
    document.close()
    return found


def stack_of(scans: list[bytes]) -> bytes:
    pictures = [Image.open(io.BytesIO(scan)) for scan in scans]
    drawn = io.BytesIO()
    pictures[0].save(drawn, "PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return drawn.getvalue()


def printed(pages: int) -> int:
    document = pypdfium2.PdfDocument(printing.render([sheet() for _ in range(pages // 2)]))
    try:
        return len(document)
    finally:
        document.close()


def read(stack: bytes, pages: int) -> int:
    """How many pages gave their code."""
    codes_found = 0
    with drawer(io.BytesIO(stack)) as drawn:
        for index in range(pages):
            picture = drawn.page(index)
            found = reading.find(picture)
            codes_found += found is not None
            reading.kept(picture, found.turned if found else 0)
    return codes_found


def limit(scans: list[bytes]) -> int:
    for scan in scans:
        with Image.open(io.BytesIO(scan)) as picture:
            picture.convert("RGB").save(io.BytesIO(), "JPEG", quality=80)
    return len(scans)


def seconds(work: Callable[[], int], expected: int) -> float:
    began = time.perf_counter()
    found = work()
    if found != expected:
        raise SystemExit(f"{expected - found} of {expected} codes were not read")
    return time.perf_counter() - began
