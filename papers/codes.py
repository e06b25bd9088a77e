"""What a printed page says of itself: which pair, which month, which page; signed, no names.

29 bytes: the pair's id, the month, the page, 80 bits of an HMAC. As text 47 characters of
Crockford's Base32, which leaves out I, L, O and U, so that a person can type them from paper.
With the three letters before them they just fill a QR code of version 4 at level H, which is
read with 30 % of it dirty or torn.
"""

from __future__ import annotations

import re
import uuid
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

MARK = "BD1"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")
_BYTES, _SIGNED, _LENGTH = 29, 19, 47
_SALT = "papers.codes"


class Code(NamedTuple):
    pairing: uuid.UUID
    month: str  # YYYY-MM
    page: int  # from 1


class Unreadable(ValueError):
    """No code of ours: mistyped, cut off, or made by somebody else."""


def text_of(code: Code) -> str:
    """MARK and 47 characters, for the QR code."""
    year, month = map(int, code.month.split("-"))
    told = code.pairing.bytes + (year * 12 + month - 1).to_bytes(2) + code.page.to_bytes(1)
    number = int.from_bytes(told + _signature(told, settings.SECRET_KEY))
    digits = (_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return MARK + "".join(digits)


def spaced(text: str) -> str:
    """In groups of four, as it is printed under the QR code."""
    return " ".join(re.findall(".{1,4}", text.removeprefix(MARK)))


def read(text: str) -> Code:
    """The code of a QR code's or a typed text; Unreadable for everything else."""
    compact = re.sub(r"[\s\-]", "", text).upper().removeprefix(MARK).translate(_LOOK_ALIKE)
    if len(compact) != _LENGTH or set(compact) - set(_ALPHABET):
        raise Unreadable
    number = 0
    for sign in compact:
        number = number << 5 | _ALPHABET.index(sign)
    if number >> 8 * _BYTES:
        raise Unreadable
    content = number.to_bytes(_BYTES)
    told, signature = content[:_SIGNED], content[_SIGNED:]
    # Paper outlives a change of the key: the keys before sign on.
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(_signature(told, key), signature) for key in keys):
        raise Unreadable
    year, month = divmod(int.from_bytes(told[16:18]), 12)
    return Code(uuid.UUID(bytes=told[:16]), f"{year:04d}-{month + 1:02d}", told[18])


def _signature(told: bytes, key: str | bytes) -> bytes:
    return salted_hmac(_SALT, told, secret=key, algorithm="sha256").digest()[:10]
