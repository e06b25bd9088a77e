"""PDF that unpack to far more than they weigh."""

from __future__ import annotations

import functools
import io
import zlib

import pypdf
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

# Bytes that deflate to next to nothing.
MUCH = 1 << 20


@functools.lru_cache(maxsize=4)
def nothing(size: int) -> bytes:
    packing, packed = zlib.compressobj(1), b""
    for begun in range(0, size, MUCH):
        packed += packing.compress(bytes(min(size - begun, MUCH)))
    return packed + packing.flush()


def picture(edge: int) -> StreamObject:
    """A black square, of one byte a pixel."""
    made = StreamObject()
    made._data = nothing(edge * edge)
    for name, value in (
        ("/Type", NameObject("/XObject")), ("/Subtype", NameObject("/Image")),
        ("/Width", NumberObject(edge)), ("/Height", NumberObject(edge)),
        ("/BitsPerComponent", NumberObject(8)), ("/ColorSpace", NameObject("/DeviceGray")),
        ("/Filter", NameObject("/FlateDecode")),
    ):  # fmt: skip
        made[NameObject(name)] = value
    return made


def pdf(*pages: list[tuple[int, int]]) -> io.BytesIO:
    """A page for each list of (edge of a picture, edge of its soft mask or 0)."""
    writer = pypdf.PdfWriter()
    for pictures in pages:
        page, names, content = writer.add_blank_page(595, 842), DictionaryObject(), b""
        for number, (edge, masked_by) in enumerate(pictures):
            made = picture(edge)
            if masked_by:
                made[NameObject("/SMask")] = writer._add_object(picture(masked_by))
            names[NameObject(f"/I{number}")] = writer._add_object(made)
            content += b"q 500 0 0 500 20 20 cm /I%d Do Q\n" % number
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): names})
        drawing = StreamObject()
        drawing._data = content
        page[NameObject("/Contents")] = writer._add_object(drawing)
    written = io.BytesIO()
    writer.write(written)
    return written
