"""拜师帖 and other certificates: issued once, frozen, numbered without gaps."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from core.text import person_name, squeeze
from pairings.models import Pairing
from units.models import NONE, Placed, Unit

if TYPE_CHECKING:
    from accounts.models import User


class Kind(models.TextChoices):
    APPRENTICESHIP = "apprenticeship", _("letter of apprenticeship")


class Series(models.Model):
    """The last number given in a county, a year and a kind; its row is locked while numbering.

    A certificate belongs to its series for good, even when its unit moves to another county.
    """

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
        """Certificates of the user's subtrees, and of own pairs."""
        condition = user.rows_q()
        if own := getattr(user, "cadre", None):  # as Pairing.objects.visible_to does
            condition |= Q(pairing__mentor_cadre=own.pk) | Q(pairing__mentee=own.pk)
        return self.filter(condition)

    def readable_by(self, user: User) -> Self:
        """Also those of pairs that the user sees and that came with their unit from elsewhere."""
        own = Q(pk__in=self.model._default_manager.visible_to(user).values("pk"))
        return self.filter(own | Q(pairing__in=Pairing.objects.visible_to(user)))

    def valid(self) -> Self:
        return self.filter(voided_at=None)

    def void(self) -> Self:
        return self.filter(voided_at__isnull=False)

    def search(self, text: str) -> Self:
        """By serial number and by the names as they were printed; by pinyin as they are now."""
        words = squeeze(text)
        if not words:
            return self
        condition = Q(serial__contains=words)
        for side in ("mentor", "mentee"):
            condition |= Q(**{f"facts__{side}__name__contains": person_name(words)})
        if words.isascii():
            key = "".join(words.lower().split())
            for side in ("mentor_cadre", "mentee"):
                condition |= Q(**{f"pairing__{side}__pinyin__startswith": key})
                condition |= Q(**{f"pairing__{side}__initials__startswith": key})
        return self.filter(condition)

    def for_list(self) -> Self:
        """Without the PDF, which a page does not show."""
        return self.defer("pdf").select_related("unit", "township", "county")

    def for_detail(self) -> Self:
        return self.for_list().select_related(
            "issued_by", "voided_by", "pairing__unit", "pairing__mentor_cadre", "pairing__mentee"
        )


class Certificate(Identified, Placed):
    """A certificate as it was issued. `facts` and the PDF never change; it can be voided."""

    states_the_term = True  # so an extension under it is not taken back (pairings.reversing)

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="certificates")
    series = models.ForeignKey(Series, models.PROTECT, related_name="certificates")
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
            models.UniqueConstraint(fields=["series", "number"], name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["pairing", "kind"],
                condition=Q(voided_at=None),
                name="certificate_one_valid_per_pairing",
            ),
            models.CheckConstraint(
                name="certificate_void_by_somebody_for_a_reason",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return NONE  # issued by the county of its day, for good

    @property
    def is_valid(self) -> bool:
        return self.voided_at is None

    @property
    def file_name(self) -> str:
        return f"{self.facts['title']}-{self.serial}.pdf"

    @property
    def masked_names(self) -> dict[str, str]:
        """For the public page: surname and asterisks of both, as printed."""
        return {
            side: (name := self.facts[side]["name"])[:1] + "*" * (len(name) - 1)
            for side in ("mentor", "mentee")
        }

    @property
    def from_on(self) -> dt.date:
        """The first day of the term, as printed."""
        return dt.date.fromisoformat(self.facts["from_on"])

    @property
    def to_on(self) -> dt.date | None:
        """The last day of the term, as printed; None where none was agreed."""
        return dt.date.fromisoformat(self.facts["to_on"]) if self.facts["to_on"] else None
