"""What is no table at all, or one that harms whoever opens it."""

from __future__ import annotations

import io
import zipfile

import openpyxl
from openpyxl.styles import PatternFill

from tests.cadres.sheets import xlsx
from tests.rosters.awful.people import HEAD
from tests.rosters.awful.workbooks import ROWS, file, saved


def zipped(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@file("nothing.xlsx")
def _() -> bytes:
    return b""


@file("a_scan.xlsx")
def _() -> bytes:
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj"


@file("a_photograph.xls")
def _() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


@file("a_letter.xlsx")
def _() -> bytes:
    return zipped(word__document=b"<w:document/>", types=b"<Types/>")


@file("an_archive.xlsx")
def _() -> bytes:
    return zipped(roster=xlsx(HEAD, *ROWS))


@file("a_program.csv")
def _() -> bytes:
    return b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(range(256)) * 4


@file("with_a_password.xlsx")
def _() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")
    )


@file("cut_off.xlsx")
def _() -> bytes:
    whole = xlsx(HEAD, *ROWS)
    return whole[: len(whole) * 2 // 3]


@file("a_bomb.xlsx")
def _() -> bytes:
    return zipped(xl__workbook=b"<workbook/>", xl__worksheets__sheet1=b" " * 90_000_000)


@file("a_cell_far_away.xlsx")
def _() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(xlsx(HEAD, *ROWS)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            part = source.read(name)
            far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            if name.endswith("sheet1.xml"):
                part = part.replace(b"</sheetData>", far)
            archive.writestr(name, part)
    return target.getvalue()


@file("a_lying_sum.xlsx")
def _() -> bytes:
    """A bit flipped on a memory stick: the packed sheet no longer fits its check sum."""
    content = bytearray(xlsx(HEAD, *ROWS))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    content[start] ^= 0x55
    return bytes(content)


@file("prefixed_names.xlsx")
def _() -> bytes:
    """As some .NET programs write it: every name of the sheet with a prefix."""
    source = zipfile.ZipFile(io.BytesIO(xlsx(HEAD, *ROWS)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
                text = text.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=")
            archive.writestr(name, text)
    return target.getvalue()


@file("styled_to_the_end.xlsx")
def _() -> bytes:
    """Borders set down to row 1,048,576, in each tenth row: blank cells, all of them written."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(HEAD, *ROWS)))
    book.worksheets[0]["A4"].fill = PatternFill("solid", fgColor="FFFF0000")
    content = saved(book)
    rows = b"".join(
        b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(6, 1_048_577, 10)
    )
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", rows + b"</sheetData>")
            archive.writestr(name, part)
    return target.getvalue()
