"""Which fonts draw a text: those that the system ships, then those installed on the machine.

A name is a person's own. A character that no font can draw stops the printing with a sentence
that names it: an empty box or a look-alike would be worse than no paper.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import NamedTuple

import typst
from django.conf import settings
from django.utils.functional import Promise
from fontTools.ttLib import TTFont, TTLibError

SHIPPED_FIRST = "Noto Serif SC"
# Serifs before others, so that a rare character stands among its neighbours like one of them.
INSTALLED_FIRST = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "HanaMinA",
    "HanaMinB",
    "LXGW WenKai",
    "Noto Sans CJK SC",
)
# Fonts may carry anything at these: what one draws there is no character of a name.
_NO_CHARACTER = {"Cc", "Co", "Cs"}


class MissingGlyph(Exception):
    """No font can draw a character; the message says so in the words of who prints.

    `sentence` names the character by %(sign)s and %(code)s.
    """

    def __init__(self, sign: str, sentence: str | Promise) -> None:
        self.sign = sign
        super().__init__(str(sentence) % {"sign": sign, "code": f"U+{ord(sign):04X}"})


class Face(NamedTuple):
    family: str
    path: str
    place: int  # within a collection (.ttc)


class Choice(NamedTuple):
    fonts: typst.Fonts
    families: tuple[str, ...]  # in the order in which typst shall try them


def choose(text: str, sentence: str | Promise = "%(sign)s (%(code)s)") -> Choice:
    """The fonts for a text, or MissingGlyph for its first character that none of them has."""
    folder = Path(settings.FONT_DIR)
    shipped = _shipped(folder)
    signs = [sign for sign in dict.fromkeys(text) if not sign.isspace()]
    own = _faces(shipped, (SHIPPED_FIRST,))
    missing = [sign for sign in signs if not any(_draws(face, sign) for face in own)]
    families = [face.family for face in own]
    if not missing:
        return Choice(shipped, tuple(families))
    installed = _installed(folder)
    others = [face for face in _faces(installed, INSTALLED_FIRST) if face.family not in families]
    for sign in missing:
        found = next((face for face in others if _draws(face, sign)), None)
        if found is None:
            _installed.cache_clear()  # the font installed next is found without a restart
            raise MissingGlyph(sign, sentence)
        if found.family not in families:
            families.append(found.family)
    return Choice(installed, tuple(families))


def undrawable(text: str) -> set[str]:
    """The characters of a text that no font here draws; for words that may do without them."""
    folder = Path(settings.FONT_DIR)
    own = _faces(_shipped(folder), (SHIPPED_FIRST,))
    signs = {sign for sign in text if not sign.isspace()}
    missing = {sign for sign in signs if not any(_draws(face, sign) for face in own)}
    if not missing:
        return missing
    others = _faces(_installed(folder), INSTALLED_FIRST)
    return {sign for sign in missing if not any(_draws(face, sign) for face in others)}


@functools.lru_cache(maxsize=4)
def _shipped(folder: Path) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


@functools.lru_cache(maxsize=4)
def _installed(folder: Path) -> typst.Fonts:
    """The shipped fonts and the machine's, where typst itself looks for them."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder])


def _faces(fonts: typst.Fonts, first: tuple[str, ...]) -> list[Face]:
    """One face a family, the one nearest to regular: the weights of a family draw the same."""
    nearest: dict[str, tuple[int, str, int]] = {}
    for font in fonts.fonts():
        if font.path is not None:
            face = (abs(font.weight - 400), str(font.path), font.index)
            nearest[font.family] = min(face, nearest.get(font.family, face))
    ranks = {family: rank for rank, family in enumerate(first)}
    families = sorted(nearest, key=lambda family: (ranks.get(family, len(ranks)), family))
    return [Face(family, *nearest[family][1:]) for family in families]


def _draws(face: Face, sign: str) -> bool:
    code = ord(sign)
    if unicodedata.category(sign) in _NO_CHARACTER:
        return False
    return bool(_coverage(face.path, face.place)[code >> 3] & (1 << (code & 7)))


@functools.lru_cache(maxsize=256)
def _coverage(path: str, place: int) -> bytes:
    """A bit for each code point that the face draws: 136 KiB, a tenth of a set of numbers."""
    bits = bytearray(0x110000 // 8)
    try:
        with TTFont(path, fontNumber=place, lazy=True) as font:
            codes = font.getBestCmap() or {}
    except TTLibError:
        codes = {}  # a bitmap font or a broken file on the machine draws nothing here
    for code in codes:
        bits[code >> 3] |= 1 << (code & 7)
    return bytes(bits)
