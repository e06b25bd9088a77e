"""The secret address under which a person's own calendar is subscribed to."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def digest_of(token: str) -> str:
    """A token is 256 bits of chance: one plain hash keeps it, no slow one is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class FeedAddress(models.Model):
    """One in force a person. Who reads the table learns no address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_addresses"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="feedaddress_one_in_force", condition=Q(revoked_at=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


@transaction.atomic
def renew(user: User) -> str:
    """The token of a new address, readable this once; the one before is revoked."""
    revoke(user)
    token = secrets.token_urlsafe(32)
    FeedAddress.objects.create(user=user, digest=digest_of(token))
    return token


@transaction.atomic
def revoke(user: User) -> bool:
    """Whether there was an address to revoke."""
    # The user's row is held, so that two renewals come one after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    standing = FeedAddress.objects.filter(user=user, revoked_at=None)
    return bool(standing.update(revoked_at=timezone.now()))
