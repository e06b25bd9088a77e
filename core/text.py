"""Text as it arrives: widths, spaces and look-alike characters brought to one form."""

from __future__ import annotations

import re
import unicodedata

_DOTS = str.maketrans(dict.fromkeys("•‧∙・･⋅●．", "·"))
# Whatever `squeeze` would change; most cells of a long roster hold nothing of it.
_ODD = re.compile(r"[\s！-～　\u200b-\u200f\u2060\ufeff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def squeeze(text: str) -> str:
    """Full-width letters, digits and spaces made plain, ends trimmed, inner runs of blanks one."""
    if not _ODD.search(text):
        return text
    # NFKC would also replace rare ideographs by look-alikes (compatibility forms), so only
    # characters of the full-width block and blanks are folded.
    folded = "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" or char == "　" else char
        for char in text
    )
    folded = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", folded)
    return re.sub(r"\s+", " ", folded).strip()


def person_name(text: str) -> str:
    """A person's name: one separator 「·」 (U+00B7), no blanks between ideographs."""
    name = re.sub(r"\s*·\s*", "·", squeeze(text.translate(_DOTS)))
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", name)


def inert(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text gets a leading apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value
