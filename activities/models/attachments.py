"""Files of records: what they are was found in their content, not in their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.assignments import Assignment, Submission
from activities.models.records import Session, Visit
from core.models import Identified

if TYPE_CHECKING:
    from accounts.models import User


def stored_as(attachment: Attachment, filename: str) -> str:
    """Where a file is kept: nothing of its own name, which may hold a person's."""
    return f"attachments/{timezone.now():%Y/%m}/{attachment.pk}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """Files of the records that the user may see."""
        return self.filter(
            Q(visit__in=Visit.objects.readable_by(user))
            | Q(session__in=Session.objects.readable_by(user))
            | Q(submission__assignment__in=Assignment.objects.readable_by(user))
        )


class Attachment(Identified):
    """A file of exactly one record; its kind was found in its content, not in its name."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files", null=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="files", null=True)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files", null=True)
    file = models.FileField(upload_to=stored_as)
    name = models.CharField(_("file name"), max_length=200)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_of_one_record",
                condition=Q(visit__isnull=False, session=None, submission=None)
                | Q(visit=None, session__isnull=False, submission=None)
                | Q(visit=None, session=None, submission__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")
