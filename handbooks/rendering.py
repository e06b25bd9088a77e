"""From a handbook's texts to a PDF, by typst, after GB/T 9704-2012. Touches no row."""

from __future__ import annotations

import functools
import json
import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import typst
from django.utils.translation import gettext_lazy as _

from core import glyphs

TEMPLATE = Path(__file__).parent / "typst" / "handbook.typ"
TEMPLATE_WORDS = (
    "帮带手册导师帮带对象单位期限角色状态打印日期一二三四、结对情况培养计划目标步骤按月记录签字"
    "没有约定的培养计划。还没有帮带记录。（有照片未能读取）组织部门盖章：年月日　—〓0123456789"
)
MISSING = _(
    "No font on this server can draw “%(sign)s” (%(code)s), so no handbook was made. Ask the "
    "system administrator to install a font that has it (on Debian: fonts-hanazono)."
)
# Printers' sign for a character that is not at hand.
_GETA = "〓"
NONE: Mapping[str, bytes] = MappingProxyType({})
_UNBROKEN = re.compile(r"[!-~]{24}(?=[!-~])")


def render(facts: dict[str, Any], photos: Mapping[str, bytes] = NONE) -> bytes:
    """A4 pages with their fonts inside. Raises glyphs.MissingGlyph for a name that no font draws.

    A sign in a record's text that no font draws (an emoji) is printed as 〓. `photos` are JPEG by
    the names in `facts`.
    """
    text = json.dumps(facts, ensure_ascii=False)
    text, choice = _drawable(text, names=facts["mentor"] + facts["mentee"] + facts["unit"])
    values = {
        # A web address without a space may be broken anywhere.
        "facts": json.dumps(_breakable(json.loads(text)), ensure_ascii=False),
        "families": json.dumps(choice.families, ensure_ascii=False),
        "photos": json.dumps({name: f"/{name}.jpg" for name in photos}),
    }
    with _one_at_a_time:
        if photos:
            return _with_pictures(photos, choice.fonts, values)
        made = _compiler(choice.fonts).compile(format="pdf", sys_inputs=values)
    return cast(bytes, made)


def _with_pictures(
    photos: Mapping[str, bytes], fonts: typst.Fonts, values: dict[str, str]
) -> bytes:
    """By a compiler of its own: typst reads pictures from a folder that it is bound to."""
    with tempfile.TemporaryDirectory(prefix="bangdai-handbook-") as folder:
        for name, content in photos.items():
            (Path(folder) / f"{name}.jpg").write_bytes(content)
        compiler = typst.Compiler(TEMPLATE.read_bytes(), root=folder, font_paths=fonts)
        return cast(bytes, compiler.compile(format="pdf", sys_inputs=values))


def _drawable(text: str, *, names: str) -> tuple[str, glyphs.Choice]:
    glyphs.choose(names + TEMPLATE_WORDS, MISSING)
    lost = glyphs.undrawable(text)
    text = text.translate({ord(sign): _GETA for sign in lost})
    return text, glyphs.choose(text + TEMPLATE_WORDS, MISSING)


def _breakable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNBROKEN.sub("\\g<0>\u200b", value)
    if isinstance(value, list):
        return [_breakable(part) for part in value]
    if isinstance(value, dict):
        # The names of pictures are no words.
        return {key: part if key == "photos" else _breakable(part) for key, part in value.items()}
    return value


_one_at_a_time = threading.Lock()


@functools.lru_cache(maxsize=4)
def _compiler(fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=fonts)
