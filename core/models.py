"""Abstract models that every room builds on. No tables, no word of the domain."""

from __future__ import annotations

import os
import time
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, method 3 of section 6.2, as PostgreSQL's own): 48 bits of
    milliseconds, 12 bits of a millisecond's fractions, 62 random bits.

    Rows made later sort later, also within a millisecond, so indexes stay compact and "newest
    first" is an order by id; a URL cannot be counted through.
    """
    millis, rest = divmod(time.time_ns(), 1_000_000)
    chance = int.from_bytes(os.urandom(8)) >> 2
    value = (millis << 80) | (0x7 << 76) | ((rest << 12) // 1_000_000 << 64)
    return uuid.UUID(int=value | (0b10 << 62) | chance)


class Identified(models.Model):
    """A row of a big table: its id can be made anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Keyed(models.Model):
    """A row made from a form: the form's own key makes a second sending find the first result."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    client_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "client_key"], name="%(class)s_once_per_client_key"
            )
        ]
