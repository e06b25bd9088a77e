"""Draws pages of one PDF, in a process of its own with so much memory and no more.

Run as a script by papers.drawing. What a file unpacks to can be counted beforehand only in part:
soft masks, patterns and annotations show their size when they are drawn. So a page that wants
too much takes down this process alone, and nobody else's work.
"""

from __future__ import annotations

import resource
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MEMORY = 1 << 30  # bytes of address space; a page of 100 million pixels takes half of it
HEAD = struct.Struct("!II")  # width and height, then RGB; 0 and 0 for a page that is not drawn


def main(path: str, edge: str, most_pixels: str) -> None:
    """Answers every number of a page on stdin with that page on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    document = pdfium.PdfDocument(path)
    out = sys.stdout.buffer
    for line in sys.stdin:
        try:
            width, height, content = drawn(document, int(line), int(edge), int(most_pixels))
        except (pdfium.PdfiumError, IndexError, ValueError, OverflowError):
            width, height, content = 0, 0, b""
        out.write(HEAD.pack(width, height))
        out.write(content)
        out.flush()


def drawn(document: Any, index: int, edge: int, most_pixels: int) -> tuple[int, int, bytes]:
    """A page in `edge` pixels along its longer side, whatever size the file claims.

    ValueError where its pictures together have more than `most_pixels`, which is cheaper to see
    than to suffer.
    """
    page = document[index]
    try:
        longest = max(page.get_size())
        if not longest > 0 or sum(_pixels(page)) > most_pixels:
            raise ValueError
        bitmap = page.render(scale=edge / longest, may_draw_forms=False)
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture.width, picture.height, picture.tobytes()
    finally:
        page.close()


def _pixels(page: Any) -> Iterator[int]:
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = image.get_px_size()
        yield width * height


if __name__ == "__main__":
    main(*sys.argv[1:])
