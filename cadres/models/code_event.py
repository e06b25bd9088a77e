"""What was done to the words of an office: a word that is gone leaves its trace here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres.models.code import Code, CodeAlias, heard_by
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


class CodeAliasVerb(models.TextChoices):
    ADD = "add", _("added")
    REMOVE = "remove", _("removed")


class CodeAliasEventQuerySet(models.QuerySet["CodeAliasEvent"]):
    def visible_to(self, user: User) -> Self:
        """Those of the words that this user sees, or saw."""
        return self.filter(heard_by(user))


class CodeAliasEvent(models.Model):
    """Who added or removed which word for which code, and when."""

    verb = models.CharField(max_length=8, choices=CodeAliasVerb)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(_("word"), max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CodeAliasEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a word for a code")
        verbose_name_plural = _("events of words for codes")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.word}"

    @classmethod
    def note(cls, word: CodeAlias, verb: CodeAliasVerb, *, by: User) -> CodeAliasEvent:
        """Put down what is done to the word, in the same transaction."""
        return cls.objects.create(
            verb=verb, code=word.code, word=word.word, unit=word.unit, actor=by
        )
