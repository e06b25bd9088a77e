"""The list of a programme: who is to be paired with whom, and who must not be."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre
from core.models import Identified, Keyed
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import Role
from programmes.models.programme import Programme

ROLES = [(value, label) for value, label in Role.choices if value != Role.SUBSTITUTE]


class Origin(models.TextChoices):
    WISH = "wish", _("wished by both")
    ASSIGNED = "assigned", _("chosen by the office")
    SUGGESTED = "suggested", _("suggested")


class PlannedPair(Identified, Keyed):
    """拟配对: a row of the list; after publication it names the pair that it became."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="planned")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="+", verbose_name=_("mentor"))
    # Named, not hidden: a merge of two records takes along what points at the second one.
    mentee = models.ForeignKey(
        Cadre, models.PROTECT, related_name="planned_as_mentee", verbose_name=_("mentee")
    )
    role = models.CharField(
        _("role of the mentor"), max_length=12, choices=ROLES, default=Role.LEAD
    )
    origin = models.CharField(
        _("where it comes from"), max_length=9, choices=Origin, default=Origin.ASSIGNED
    )
    # A new assignment keeps it as it is.
    is_fixed = models.BooleanField(_("fixed"), default=False)
    # Why the office lets pass what may be waived, and who did.
    waiver = models.CharField(_("why it is allowed"), max_length=150, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    pairing = models.OneToOneField(
        Pairing, models.PROTECT, null=True, editable=False, related_name="planned"
    )

    tally = _("%(n)d rows of the list")

    class Meta(Keyed.Meta):
        verbose_name = _("planned pair")
        verbose_name_plural = _("planned pairs")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "mentor", "mentee"],
                name="planned_pair_once",
                violation_error_message=_("These two are on the list already."),
            ),
            models.UniqueConstraint(
                fields=["programme", "mentee"],
                condition=Q(role=Role.LEAD),
                name="planned_pair_one_lead",
                violation_error_message=_("This mentee has a lead mentor on the list already."),
            ),
            models.CheckConstraint(
                name="planned_pair_waiver_has_an_author",
                condition=Q(waiver="", waived_by=None) | ~Q(waiver="") & ~Q(waived_by=None),
            ),
        ]
        indexes = [models.Index(fields=["programme", "id"], name="planned_programme")]

    def __str__(self) -> str:
        return f"{self.mentor_id} → {self.mentee_id}"


class ForbiddenPair(Identified, Keyed):
    """Two who must not be paired in this programme, with the office's reason."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="forbidden")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="+", verbose_name=_("mentor"))
    # Named, not hidden: a merge of two records takes along what points at the second one.
    mentee = models.ForeignKey(
        Cadre, models.PROTECT, related_name="forbidden_as_mentee", verbose_name=_("mentee")
    )
    reason = models.CharField(_("reason"), max_length=150)

    class Meta(Keyed.Meta):
        verbose_name = _("forbidden pair")
        verbose_name_plural = _("forbidden pairs")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "mentor", "mentee"], name="forbidden_pair_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} ✕ {self.mentee_id}"
