"""Pictures for the page: read from the storage, small enough for print."""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import Any

from PIL import Image

from activities.models import Attachment

# 76 mm wide on the page: 240 dots an inch, and 9 records with 4 pictures stay under 4 MB.
LONGEST_EDGE = 720
_QUALITY = 78


def names(facts: dict[str, Any]) -> list[str]:
    """The attachments that the facts of a handbook name, in their order."""
    entries = (entry for month in facts["months"] for entry in month["entries"])
    return [name for entry in entries for name in entry["photos"]]


def read(wanted: Collection[str]) -> dict[str, bytes]:
    """JPEG by attachment id. A file that is gone or damaged is left out: the page says so."""
    found: dict[str, bytes] = {}
    if not wanted:
        return found
    for row in Attachment.objects.filter(pk__in=wanted).iterator(chunk_size=100):
        try:
            with row.file.open("rb") as content:
                found[str(row.pk)] = _shrunk(content)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            continue
    return found


def _shrunk(content: Any) -> bytes:
    opened = Image.open(content, formats=["JPEG", "PNG"])
    opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # decodes no more than is needed
    image: Image.Image = opened
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    if image.has_transparency_data:
        # Paper is white; JPEG would make what is clear black.
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        image = Image.alpha_composite(paper, clear)
    drawn = io.BytesIO()
    image.convert("RGB").save(drawn, "JPEG", quality=_QUALITY)
    return drawn.getvalue()
