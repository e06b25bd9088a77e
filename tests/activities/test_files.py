import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from activities import files
from activities.files import check, shown_name
from tests.activities.making import photo

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zipped(*names: str, size: int = 1) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return content.getvalue()


def refusal(file, **options) -> str:
    with pytest.raises(ValidationError) as caught:
        check(file, **options)
    return "".join(caught.value.messages)


def exif_of_a_phone() -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    exif[ORIENTATION] = 6  # lies on its side
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 38.0, 12.0), 3: "E", 4: (119.0, 40.0, 3.0)})
    return exif


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_gone_and_the_picture_stands_upright(format):
    source = photo("IMG.jpg", size=(60, 40), format=format, exif=exif_of_a_phone())
    before = Image.open(io.BytesIO(source.read())).getexif()
    assert dict(before.get_ifd(GPS))[1] == "N"  # the test's own picture does hold a place
    source.seek(0)
    kept = check(source)
    picture = Image.open(io.BytesIO(kept.content))
    assert dict(picture.getexif()) == {}
    assert {"exif", "xmp", "comment", "icc_profile"} & set(picture.info) == set()
    assert b"SecretPhone" not in kept.content
    assert b"Exif" not in kept.content
    assert picture.size == (40, 60)


def test_a_comment_and_xmp_are_gone_as_well():
    kept = check(photo(comment=b"taken at home of Zhang", xmp=b"<x:xmpmeta>home</x:xmpmeta>"))
    assert b"home" not in kept.content


def test_a_large_picture_is_drawn_at_2560_pixels():
    kept = check(photo(size=(4000, 2000)))
    assert Image.open(io.BytesIO(kept.content)).size == (2560, 1280)


def test_a_transparent_picture_stays_transparent():
    content = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(content, "PNG")
    kept = check(upload("章.png", content.getvalue()))
    assert (kept.mime, Image.open(io.BytesIO(kept.content)).mode) == ("image/png", "RGBA")


def test_a_picture_named_pdf_is_kept_as_the_picture_that_it_is():
    kept = check(photo("报告.pdf", format="PNG"))
    assert (kept.name, kept.mime) == ("报告.jpg", "image/jpeg")


@pytest.mark.parametrize("pictures_only", [True, False])
def test_html_named_jpg_is_refused_by_name(pictures_only):
    page = upload("合影.jpg", b"<html><script>alert(1)</script></html>")
    assert refusal(page, pictures_only=pictures_only).startswith("“合影.jpg”未能上传：")


def test_a_decompression_bomb_is_refused_before_it_is_unpacked():
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    for side in (8000, 30000):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        bomb += chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")
        assert refusal(upload("大图.png", bomb)) == "“大图.png”未能上传：图片超过 5000 万像素。"


def test_a_picture_cut_off_half_way_is_refused():
    whole = photo(size=(600, 600)).read()
    assert refusal(upload("半张.jpg", whole[: len(whole) // 2])) == (
        "“半张.jpg”未能上传：图片已损坏。"
    )


def test_a_file_over_10_mb_is_refused_and_one_of_10_mb_is_not():
    tail = b"startxref\n0\n%%EOF"
    body = b"%PDF-1.7\n" + b" " * (files.MAX_SIZE - 9 - len(tail)) + tail
    assert check(upload("大.pdf", body)).mime == "application/pdf"
    assert refusal(upload("大.pdf", body[:9] + b" " + body[9:])) == "“大.pdf”超过 10 MB。"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("总结.pdf", b"%PDF-1.4\nstartxref\n0\n%%EOF\n", "pdf"),
        ("总结.doc.exe", zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        ("表.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        ("课.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (
            "旧.wps",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "doc",
        ),
        ("记.txt", "走访记录".encode("gb18030"), "txt"),
    ],
)
def test_documents_are_known_by_their_content_and_named_after_it(name, content, kind):
    kept = check(upload(name, content))
    assert kept.name.rsplit(".", 1)[1] == kind
    assert kept.content == content


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.pdf", b"", "文件是空的"),
        ("半.pdf", b"%PDF-1.4\nabc", "PDF 已损坏或不完整"),
        ("包.docx", zipped("a.txt"), "不接收压缩包，请直接选择其中的文件"),
        ("坏.docx", b"PK\x03\x04broken", "文件已损坏"),
        (
            "宏.docm",
            zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "文件含有宏，请另存为不含宏的文件",
        ),
        (
            "旧宏.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "WordDocument".encode("utf-16-le")
            + "_VBA_PROJECT".encode("utf-16-le"),
            "文件含有宏，请另存为不含宏的文件",
        ),
        (
            "程序.txt",
            b"MZ\x90\x00\x03",
            "请选择图片、PDF、Word、Excel、PPT、WPS 或文本文件",
        ),
        ("页.html", b"<html></html>", "请选择图片、PDF、Word、Excel、PPT、WPS 或文本文件"),
    ],
)
def test_everything_else_is_refused_with_its_reason(name, content, reason):
    assert refusal(upload(name, content)) == f"“{name}”未能上传：{reason}。"


def test_a_zip_bomb_is_refused_by_what_it_says_it_unpacks_to(monkeypatch):
    monkeypatch.setattr(files, "MAX_UNPACKED", 10_000)
    bomb = zipped("[Content_Types].xml", "word/document.xml", size=6_000)
    assert refusal(upload("弹.docx", bomb)) == "“弹.docx”未能上传：解压后超过 200 MB。"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\文件\\报告.pdf", "报告.pdf"),
        ("../../etc/报告.pdf", "报告.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("张三13812345678.jpg", "张三138******78.jpg"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * 150 + ".docx"),
    ],
)
def test_a_shown_name_holds_no_path_no_control_character_and_no_number(given, shown):
    assert shown_name(given) == shown
