"""What may be handed up as a file: found in its content, made harmless, kept within limits.

Pictures are drawn anew, which leaves EXIF and GPS behind; documents are recognised by their
inner structure. Everything else is refused with a sentence that names the file.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from pathlib import PurePath
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.masking import masked

MEGABYTE = 1024 * 1024
MAX_SIZE = 10 * MEGABYTE  # one file
MAX_FILES = 9  # one record
QUOTA = 500 * MEGABYTE  # one person, all records
MAX_PIXELS = 50_000_000  # a phone's 48-megapixel picture passes, a decompression bomb does not
LONGEST_EDGE = 2560
MAX_UNPACKED = 200 * MEGABYTE  # an Office file, unzipped
MAX_ENTRIES = 5_000

PICTURES = "image/jpeg,image/png,image/webp"
# Given as a hint to the browser's chooser only; the content decides.
ANYTHING = f"{PICTURES},.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.txt"

_ZIPPED = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_OLE = {
    "WordDocument": ("doc", "application/msword"),
    "Workbook": ("xls", "application/vnd.ms-excel"),
    "PowerPoint Document": ("ppt", "application/vnd.ms-powerpoint"),
}


class Checked(NamedTuple):
    """A file that may be kept: what it holds, the name to show, its type."""

    content: bytes
    name: str
    mime: str


class Refused(Exception):
    """The content is not of a kind that is taken; the message says why, for the person."""


def check(upload: UploadedFile, *, pictures_only: bool = False) -> Checked:
    """The file as it may be kept; ValidationError with a sentence that names it otherwise."""
    name = shown_name(upload.name or "")
    if (upload.size or 0) > MAX_SIZE:
        raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": name})
    content = upload.read()
    try:
        if not content:
            raise Refused(_("the file is empty"))
        kept, extension, mime = _picture(content) or _document(content, name, pictures_only)
    except Refused as refused:
        sentence = _("%(name)s was not taken: %(reason)s.")
        raise ValidationError(sentence % {"name": name, "reason": refused}) from None
    return Checked(kept, f"{PurePath(name).stem}.{extension}", mime)


def shown_name(name: str) -> str:
    """A name fit to be shown: no path, no control or direction characters, numbers masked."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    path = PurePath(masked(visible) or "file")
    return path.stem[:150] + path.suffix[:10]


def _picture(content: bytes) -> tuple[bytes, str, str] | None:
    """The picture drawn anew, upright, at most 2560 pixels long; None when it is no picture."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs by its own measure; the cap below is stricter.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF", "BMP"])
        if image.width * image.height > MAX_PIXELS:
            raise Refused(_("the picture has more than 50 million pixels"))
        if image.format in {"JPEG", "MPO"}:
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # decodes no more than is needed
        is_clear = image.has_transparency_data
        bare = ImageOps.exif_transpose(image).convert("RGBA" if is_clear else "RGB")
        bare.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        bare.info.clear()
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError:
        raise Refused(_("the picture has more than 50 million pixels")) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(_("the picture is damaged")) from None
    drawn = io.BytesIO()
    if is_clear:
        bare.save(drawn, "PNG", optimize=True)
        return drawn.getvalue(), "png", "image/png"
    bare.save(drawn, "JPEG", quality=85, optimize=True, progressive=True)
    return drawn.getvalue(), "jpg", "image/jpeg"


def _document(content: bytes, name: str, pictures_only: bool) -> tuple[bytes, str, str]:
    if pictures_only:
        raise Refused(_("it is no picture; choose JPG, PNG or WebP"))
    if content.startswith(b"%PDF-"):
        if b"startxref" not in content[-2048:] or b"%%EOF" not in content[-2048:]:
            raise Refused(_("the PDF is damaged or cut off"))
        return content, "pdf", "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return content, *_zipped(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return content, *_ole(content)
    if name.lower().endswith(".txt") and _is_text(content):
        return content, "txt", "text/plain"
    raise Refused(_("choose a picture, PDF, Word, Excel, PowerPoint, WPS or text file"))


def _zipped(content: bytes) -> tuple[str, str]:
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise Refused(_("the file is damaged")) from None
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(_("it unpacks to more than 200 MB"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(_("it holds macros; save it without them"))
    if "[Content_Types].xml" in names:
        for folder, kind in _ZIPPED.items():
            if any(name.startswith(folder) for name in names):
                return kind
    raise Refused(_("archives are not taken; choose the files themselves"))


def _ole(content: bytes) -> tuple[str, str]:
    """Word, Excel, PowerPoint and WPS files of the old kind, by the streams they hold."""
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused(_("it holds macros; save it without them"))
    for stream, kind in _OLE.items():
        if stream.encode("utf-16-le") in content:
            return kind
    raise Refused(_("choose a picture, PDF, Word, Excel, PowerPoint, WPS or text file"))


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1f]", text)
    return False
