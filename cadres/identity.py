"""ID numbers 身份证号: verified, digested with a key, never kept in clear (GB 11643-1999)."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_digit(first_17: str) -> str:
    return _CHECKS[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def is_valid(number: str) -> bool:
    """18 characters, a plausible birth date, and the check digit of GB 11643."""
    if not re.fullmatch(
        r"[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", number
    ):
        return False
    return check_digit(number[:17]) == number[17]


def digest(number: str) -> str:
    """HMAC-SHA256 in hexadecimal, keyed by `ID_DIGEST_KEY`; equal numbers give equal digests."""
    return hmac.new(settings.ID_DIGEST_KEY.encode(), number.encode(), hashlib.sha256).hexdigest()


def birth_month(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}"


def gender(number: str) -> str:
    """GB/T 2261.1: "1" for an odd order number, "2" for an even one."""
    return "1" if int(number[16]) % 2 else "2"
