"""拜师帖 and other certificates: issued once, frozen, numbered without gaps."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from pairings.models import Pairing
from units.models import Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class Kind(models.TextChoices):
    APPRENTICESHIP = "apprenticeship", _("letter of apprenticeship")


class Series(models.Model):
    """The last number given in a county, a year and a kind; its row is locked while numbering."""

    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("certificate series")
        verbose_name_plural = _("certificate series")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "kind"], name="series_once")
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.year} {self.kind}"


def new_token() -> str:
    """The secret part of the public address that verifies a certificate: 128 bits."""
    return secrets.token_urlsafe(16)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            user.rows_q() | Q(pairing__mentor_cadre__user=user) | Q(pairing__mentee__user=user)
        )

    def valid(self) -> Self:
        return self.filter(voided_at=None)


class Certificate(Identified, Placed):
    """A certificate as it was issued. `facts` and the PDF never change; it can be voided."""

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    serial = models.CharField(_("serial number"), max_length=60)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    facts = models.JSONField(help_text="what the template printed, as it was on the day")
    pdf = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    void_reason = models.CharField(_("reason for voiding"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "kind", "number"], name="certificate_number_once"
            ),
            models.UniqueConstraint(
                fields=["pairing", "kind"],
                condition=Q(voided_at=None),
                name="certificate_one_valid_per_pairing",
            ),
        ]

    def __str__(self) -> str:
        return self.serial
