"""帮带手册月页: two pages a pair and month, to be written by hand; by typst, after GB/T 9704."""

from __future__ import annotations

import functools
import io
import json
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import segno
import typst
from django.utils.translation import gettext_lazy as _

from activities.methods import Method
from core import glyphs
from pairings.models import Pairing
from papers.codes import Code, spaced, text_of
from plans.models import PlanStep
from plans.states import State

TEMPLATE = Path(__file__).parent / "typst" / "month.typ"
PAGES = 2  # of one pair and month
MOST_PAGES = 300  # in one request
MOST_STEPS = 4
_STEP_LENGTH = 52  # two lines of the page
TEMPLATE_WORDS = (
    "帮带手册月页年导师对象单位本月计划没有约定的步骤其余见培养一二三四五、帮带记录日期方法时间地点内容"
    "走访类别事项办理情况导师点评签字：帮带对象第页，共正反面打印填写后扫描或拍照上传"
    "不写村民姓名、电话和证件号码。户数〓…□→·0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ（）"
    "贫困难农户企业项目现场其他"
)
MISSING = _(
    "No font on this server can draw “%(sign)s” (%(code)s), so no page was made. Ask the "
    "system administrator to install a font that has it (on Debian: fonts-hanazono)."
)
# Printers' sign for a character that is not at hand.
_GETA = "〓"


def sheets(pairs: Sequence[Pairing], month: str) -> list[dict[str, Any]]:
    """What the pages of that month say of each pair, with their codes; one query."""
    planned: dict[Any, list[str]] = defaultdict(list)
    steps = PlanStep.objects.filter(
        plan__pairing__in=pairs, plan__state=State.AGREED, month=month
    ).select_related("plan")
    for step in steps.order_by("pk"):
        planned[step.plan.pairing_id].append(_shortened(step.text))
    return [_sheet(pair, month, planned[pair.pk]) for pair in pairs]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _STEP_LENGTH else line[: _STEP_LENGTH - 1] + "…"


def _sheet(pair: Pairing, month: str, planned: list[str]) -> dict[str, Any]:
    year, number = map(int, month.split("-"))
    codes = [text_of(Code(pair.pk, month, page)) for page in range(1, PAGES + 1)]
    return {
        "mentor": pair.mentor_cadre.name,
        "mentee": pair.mentee.name,
        "unit": str(pair.unit)[:30],
        "month": f"{year}年{number}月",
        "steps": planned[:MOST_STEPS],
        "more": len(planned) > MOST_STEPS,
        "codes": [spaced(code) for code in codes],
        "pictures": [_picture(code) for code in codes],
    }


def _picture(code: str) -> str:
    """The QR code as SVG, with its quiet zone."""
    drawn = io.BytesIO()
    made = segno.make_qr(code, version=4, error="h", mode="alphanumeric", boost_error=False)
    made.save(drawn, kind="svg", xmldecl=False, border=4, omitsize=True)
    return drawn.getvalue().decode()


def render(found: list[dict[str, Any]]) -> bytes:
    """A4 pages, PAGES of each sheet. Raises glyphs.MissingGlyph for a name that no font draws.

    A sign in a plan that no font draws (an emoji) is printed as 〓.
    """
    names = "".join({sign for row in found for sign in row["mentor"] + row["mentee"] + row["unit"]})
    steps = {sign for row in found for text in row["steps"] for sign in text}
    choice, undrawn = _fonts(names + TEMPLATE_WORDS, "".join(steps))
    for row in found:
        row["steps"] = [text.translate(dict.fromkeys(undrawn, _GETA)) for text in row["steps"]]
    values = {
        "sheets": json.dumps(found, ensure_ascii=False),
        "methods": json.dumps([str(label) for label in Method.labels], ensure_ascii=False),
        "families": json.dumps(choice.families, ensure_ascii=False),
    }
    with _one_at_a_time:
        made = _compiler(choice.fonts).compile(format="pdf", sys_inputs=values)
    return cast(bytes, made)


def _fonts(must: str, may: str) -> tuple[glyphs.Choice, set[int]]:
    """Fonts for both texts, and which signs of the second none draws."""
    undrawn: set[int] = set()
    must += "".join(map(str, Method.labels))
    while True:
        try:
            return glyphs.choose(must + may, MISSING), undrawn
        except glyphs.MissingGlyph as missing:
            if missing.sign in must:
                raise
            undrawn.add(ord(missing.sign))
            may = may.replace(missing.sign, "")


_one_at_a_time = threading.Lock()


@functools.lru_cache(maxsize=4)
def _compiler(fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=fonts)
