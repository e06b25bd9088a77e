"""Cells of a roster that only a register of people knows; the others are in rosters.cells."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from cadres import identity
from core.text import squeeze
from rosters.cells import (
    MAX_NAME,
    NONE,
    Wrong,
    count,
    day,
    is_none,
    month,
    name,
    phone,
    short,
    text,
    word,
)
from rosters.kinds import Cell

__all__ = [
    "MAX_NAME", "NONE", "Wrong", "count", "day", "id_number", "is_none", "month", "name", "phone",
    "short", "text", "word",
]  # fmt: skip

_RUINED = re.compile(r"\d+(\.\d+)?E\+?\d+", re.IGNORECASE)


def id_number(cell: Cell) -> str:
    """The 18 characters, with the check digit verified."""
    written = squeeze(text(cell)).replace(" ", "").upper()
    if _RUINED.fullmatch(written) or not isinstance(cell, str):
        raise Wrong(
            _(
                "The ID number has become a number and lost its last digits. "
                "Set the cell to text and write it again."
            )
        )
    if re.fullmatch(r"\d{15}", written):
        raise Wrong(_("This is an old ID number of 15 digits. Write the one of 18."))
    if len(written) != 18:
        raise Wrong(
            _("An ID number has 18 characters; this one has %(count)s.") % {"count": len(written)}
        )
    if not identity.is_valid(written):
        raise Wrong(_("The ID number is wrong: its check digit or birth date does not fit."))
    return written
