"""What lies on the server between upload and purge is encrypted: ID numbers stand in it."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unopened(Exception):
    """The key is another one than when this was sealed, or the bytes were changed."""


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"bangdai rosters").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(content: bytes) -> bytes:
    return _box(settings.ROSTER_KEY).encrypt(content)


def unseal(sealed: bytes | memoryview) -> bytes:
    """The content; Unopened when it cannot be had."""
    try:
        return _box(settings.ROSTER_KEY).decrypt(bytes(sealed))
    except InvalidToken:
        raise Unopened from None
