"""From facts to a PDF, by typst. Touches no row, so that it can be measured and repeated."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import threading
from pathlib import Path
from typing import TypedDict, cast

import segno
import typst
from django.utils.translation import gettext_lazy as _

from core import glyphs

TEMPLATE = Path(__file__).parent / "typst" / "apprenticeship.typ"
# The characters that the template prints by itself, besides the facts.
TEMPLATE_WORDS = "师父弟子期限编号：年月日至起（盖章处）扫码验证0123456789"
INK = "#26211c"
MISSING = _(
    "No font on this server can draw “%(sign)s” (%(code)s), so nothing was issued and no number "
    "was used. Ask the system administrator to install a font that has it (on Debian: "
    "fonts-hanazono), then issue again."
)


class Person(TypedDict):
    name: str
    unit: str  # in full from the county down: 安吉县上墅乡刘家塘村


class Facts(TypedDict):
    """What a certificate prints, as it was on the day. Days are ISO texts."""

    title: str
    vow: str
    serial: str
    mentor: Person
    mentee: Person
    from_on: str
    to_on: str  # empty where no term was agreed
    issuer: str
    issued_on: str
    address: str  # of the public page that verifies it; printed as the QR code


def fonts_for(facts: Facts) -> glyphs.Choice:
    """The fonts that draw these facts, or glyphs.MissingGlyph."""
    people = (facts["mentor"], facts["mentee"])
    printed = [facts["title"], facts["vow"], facts["serial"], facts["issuer"], TEMPLATE_WORDS]
    printed += [person[part] for person in people for part in ("name", "unit")]
    return glyphs.choose("".join(printed), MISSING)


def render(facts: Facts) -> bytes:
    """The 拜师帖 as PDF/A-2a (archives keep it), one A4 page with its fonts inside.

    The same facts and fonts give the same bytes. Raises glyphs.MissingGlyph for a character
    that cannot be drawn. About 3 ms, the first of a process about 300 ms.
    """
    fonts, families = fonts_for(facts)
    values = {
        "facts": json.dumps(facts, ensure_ascii=False),
        "families": json.dumps(families, ensure_ascii=False),
        "qr": qr_svg(facts["address"]),
    }
    issued_on = dt.date.fromisoformat(facts["issued_on"])
    with _one_at_a_time:
        made = _compiler(fonts).compile(
            format="pdf",
            sys_inputs=values,
            pdf_standards=["a-2a"],
            timestamp=dt.datetime.combine(issued_on, dt.time(), dt.UTC),
        )
    return cast(bytes, made)


def qr_svg(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(
        drawn, kind="svg", border=0, dark=INK, xmldecl=False, svgns=True
    )
    return drawn.getvalue().decode()


# A compiler keeps fonts and template in memory, and is not made for two threads at once.
_one_at_a_time = threading.Lock()


@functools.lru_cache(maxsize=4)
def _compiler(fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=fonts)
