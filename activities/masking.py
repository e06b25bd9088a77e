"""Numbers that point to a person are masked in free text before it is kept.

Visit logs must not hold villagers' numbers (domain §5): a mobile number of 11 digits and an ID
number of 18 characters keep their first three and last two, whatever their width or grouping.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db import models

# Python's \d matches full-width digits as well, which phones' keyboards do produce.
_NUMBERS = re.compile(
    r"""(?<![\dA-Za-z])(?:
        \d{17}[\dXxＸｘ]                          # an ID number
      | \d{6}[ \u3000-]\d{8}[ \u3000-]\d{3}[\dXxＸｘ]  # the same in its three groups
      | \d{11}                                    # a phone number
      | \d{3}[ \u3000-]\d{4}[ \u3000-]\d{4}       # the same as people group it
    )(?![\dA-Za-z])""",
    re.VERBOSE,
)


def masked(text: str) -> str:
    """The text with every 11-digit and 18-character number reduced to its ends: 138******78."""
    return _NUMBERS.sub(_ends, text)


def _ends(found: re.Match[str]) -> str:
    number = re.sub(r"[ \u3000-]", "", found[0])
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


class MaskedText(models.Model):
    """A row whose free text is masked whenever it is saved, by a form or by the admin."""

    free_text: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in self.free_text:
            setattr(self, name, masked(getattr(self, name)))
        super().save(*args, **kwargs)
