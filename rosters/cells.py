"""What a cell of a roster means: each function takes a cell that is not blank and gives the value
that the register keeps, or raises Wrong with a sentence for the user. Nothing is guessed, and no
sentence repeats an ID number or a phone number.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.months import month_of, parse_month
from core.text import person_name, squeeze
from rosters.kinds import Cell

NONE = "无"  # said, unlike a blank: the person has none
MAX_NAME = 100
_EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates, after February 1900
_SERIALS = range(9_000, 80_000)  # 1924 to 2119
_DAY = re.compile(r"((?:19|20|21)\d\d)[.\-/年](\d{1,2})[.\-/月](\d{1,2})日?")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ　]")
_ODD = re.compile(r"[\s０-９Ａ-Ｚａ-ｚ]")
_BROKEN = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA)", re.IGNORECASE)


class Wrong(ValueError):
    """What stands in the cell cannot be taken; `str()` is a sentence for the user."""


def text(cell: Cell) -> str:
    """The cell as people read it: 13800000000.0 is 13800000000, a date 2026-03-01."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, str):
        if cell.startswith("#") and _BROKEN.fullmatch(cell):
            raise Wrong(_("The cell holds a formula that failed. Write the value itself."))
        return cell
    return str(cell)


def short(cell: Cell, *, most: int) -> str:
    """Free text of so many characters; letters and digits of full width become plain ones."""
    written = text(cell)
    if _ODD.search(written):
        written = _WIDE.sub(lambda hit: unicodedata.normalize("NFKC", hit[0]), written)
        written = re.sub(r"\s+", " ", written).strip()
    if len(written) > most:
        raise Wrong(_("At most %(most)s characters.") % {"most": most})
    return written


def name(cell: Cell) -> str:
    """A person's name: letters of any script, 「·」, no digit, no formula."""
    written = person_name(text(cell))
    if not written or not all(_may_stand_in_a_name(char) for char in written):
        raise Wrong(_("This is no person's name."))
    if len(written) > MAX_NAME:
        raise Wrong(_("At most %(most)s characters.") % {"most": MAX_NAME})
    return written


def _may_stand_in_a_name(char: str) -> bool:
    # Co and Cn: ideographs that are newer than Python's tables, or in a private area.
    return char in "·.'’- " or unicodedata.category(char)[0] in "LM" or ord(char) > 0xDFFF


def month(cell: Cell) -> str:
    """`YYYY-MM` from text, a date, or a spreadsheet's serial number."""
    if isinstance(cell, dt.date):
        return month_of(cell)
    written = re.sub(r"\(\d+岁\)$", "", squeeze(text(cell)))
    if not isinstance(cell, str) and re.fullmatch(r"\d{4}\.1", written):
        raise Wrong(
            _("%(written)s may be January or October: write it with two digits, as text.")
            % {"written": written}
        )
    if (serial := _from_serial(written)) is not None:
        return month_of(serial)
    try:
        return parse_month(written)
    except ValueError:
        raise Wrong(_("This is no year and month. Write it like 1985.07.")) from None


def day(cell: Cell) -> dt.date:
    """A full date; a month alone is refused, since no day is made up."""
    # A formatted date as it would be typed: of the same years, since terms are reckoned from it.
    cell = cell.isoformat()[:10] if isinstance(cell, dt.date) else cell
    written = re.sub(r"\s*\d{1,2}:\d\d(:\d\d)?$", "", squeeze(text(cell))).replace(" ", "")
    if (serial := _from_serial(written)) is not None:
        return serial
    if re.fullmatch(r"(19|20|21)\d{6}", written):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    if found := _DAY.fullmatch(written):
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
    raise Wrong(_("This is no full date. Write year, month and day, like 2026-03-01."))


def _from_serial(written: str) -> dt.date | None:
    if re.fullmatch(r"\d{4,5}", written) and int(written) in _SERIALS:
        return _EPOCH + dt.timedelta(days=int(written))
    return None


def phone(cell: Cell) -> str:
    """A mobile number of 11 digits, or a landline number."""
    written = re.sub(r"[\s()]", "", squeeze(text(cell)))
    written = re.sub(r"^(\+86|0086)-?", "", written)
    bare = written.replace("-", "")
    if re.fullmatch(r"1\d{10}", bare):
        return bare
    if re.fullmatch(r"(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,5})?", written):
        return written
    raise Wrong(_("This is no phone number: 11 digits beginning with 1, or a landline."))


def word(cell: Cell, words: Mapping[str, str], *, shown: list[str]) -> str:
    """The code of a word; the sentence of Wrong lists the words that are `shown`."""
    written = squeeze(text(cell)).replace(" ", "")
    for candidate in (written, written.replace("(", "（").replace(")", "）")):
        if candidate in words:
            return words[candidate]
    raise Wrong(
        _("「%(written)s」 is not known here. Choose one of: %(words)s.")
        % {"written": written[:30], "words": "、".join(shown)}
    )


def count(cell: Cell, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    written = re.sub(r"[人名个月]+$", "", squeeze(text(cell)))
    if not re.fullmatch(r"\d{1,4}", written) or not least <= int(written) <= most:
        raise Wrong(
            _("A whole number from %(least)s to %(most)s belongs here.")
            % {"least": least, "most": most}
        )
    return int(written)


def is_none(cell: Cell) -> bool:
    return isinstance(cell, str) and squeeze(cell) == NONE
