"""Numbers that point to a person are masked in free text before it is kept.

A telephone number and an ID number keep their first three and last two, whatever their width or
grouping. Groups are those that people write; numbers that merely stand side by side, amounts,
days and numbers of documents stay, since what is masked cannot be brought back.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db import models

# Phones' keyboards produce the wide ones, and copied numbers bring dashes and spaces of all kinds.
# One character each, so that what is found in the folded text stands at the same place in the text.
_FOLD = str.maketrans(
    "０１２３４５６７８９Ｘｘ＋（）．・\u00a0\u2002\u2003\u2009\u3000－‐‑‒–—―−",
    "0123456789XX+()··     --------",
)
_GAP = "[ .·-]{0,2}"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBERS = re.compile(
    rf"""
    (?<!\d)(?:(?:\+|00)?86[ -]?)?(?P<mobile>
        1[3-9]\d{{9}}
      | 1(?:[3-9]\d|[ -][3-9][ -]\d)[ -]{{1,3}}(?:
            \d{{4}}[ -]{{1,3}}\d{{4}} | \d{{8}} | \d{{3}}[ -]\d{{5}} | \d{{5}}[ -]\d{{3}}
          | \d(?:[ -]{{1,3}}\d){{7}}
        )
      | 1[3-9]\d[.·]\d{{4}}[.·]\d{{4}}
    )(?!\d)
  | (?<![\dA-Za-z])(?P<long>\d{{11}}|\d{{17}}[\dXx])(?![\dA-Za-z])
  | (?<!\d)(?P<identity>                       # the day of birth tells it from other long numbers
        [1-9](?:{_GAP}\d){{5}} {_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{2}}
        {_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2]) {_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])
        (?:{_GAP}\d){{3}} {_GAP}[\dXx]
    )(?![\dA-Za-z])
  | (?<![\dA-Za-z])(?P<first_generation>       # of 15 digits; their bearers were born up to 1999
        [1-9]\d{{5}}[ -]?[3-9]\d{_MONTH_DAY}[ -]?\d{{3}}
    )(?![\dA-Za-z])
  | (?<![\d.])(?<!\d-)(?P<landline>
        \(?0(?:10|2\d|[3-9]\d\d)\)?[ -]{{0,3}}(?!(?:19|20)\d\d{_MONTH_DAY}(?!\d))
        [1-9]\d{{2,3}}[ -]?\d{{4}}
    )(?!\d)
    """,
    re.VERBOSE | re.ASCII,
)


def masked(text: str) -> str:
    """The text with every number of a person reduced to its ends: 138******78."""
    while (less := _masked_once(text)) != text:
        text = less  # two ends may have come to stand side by side
    return text


def _masked_once(text: str) -> str:
    kept, end = [], 0
    for found in _NUMBERS.finditer(text.translate(_FOLD)):
        first, last = found.span(str(found.lastgroup))
        number = "".join(char for char in text[first:last] if char.isalnum())
        kept += [text[end : found.start()], number[:3], "*" * (len(number) - 5), number[-2:]]
        end = found.end()
    return "".join([*kept, text[end:]])


class MaskedText(models.Model):
    """A row whose free text is masked whenever it is saved, by a form or by the admin."""

    free_text: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in self.free_text:
            setattr(self, name, masked(getattr(self, name)))
        super().save(*args, **kwargs)
