"""Names within a ZIP that Windows unpacks: no two alike, none that it refuses."""

from __future__ import annotations

import re
import unicodedata

# What Windows forbids in a name, controls, and the marks that turn text around.
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_LONGEST = 60  # characters a part: a path of Windows has 260 in all


class Names:
    """Gives each handbook a name of its own; homonyms are numbered."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, unit: str, mentor: str, mentee: str) -> str:
        """上墅乡/帮带手册_褚师傅_马徒弟.pdf, for the second such pair …_2.pdf."""
        stem = f"{_plain(unit)}/帮带手册_{_plain(mentor)}_{_plain(mentee)}"
        name, number = f"{stem}.pdf", 1
        while _folded(name) in self._taken:
            number += 1
            name = f"{stem}_{number}.pdf"
        self._taken.add(_folded(name))
        return name


def _plain(text: str) -> str:
    kept = _REFUSED.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    return kept[:_LONGEST].rstrip(" .") or "_"


def _folded(name: str) -> str:
    """As Windows and macOS compare names."""
    return unicodedata.normalize("NFKC", name).casefold()
