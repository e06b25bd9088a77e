"""The national code tables as rows, with the words that offices write for them.

Sources: GB/T 2261.1 (gender), GB/T 3304 (ethnicity), GB/T 4762 (political status), GB/T 4658
(education). 人员类别 has no national code; its codes are ours. `data/codes.csv` seeds them.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from core.text import squeeze
from units.models import Unit


class Table(models.TextChoices):
    GENDER = "gender", _("gender")
    ETHNICITY = "ethnicity", _("ethnicity")
    POLITICAL_STATUS = "political_status", _("political status")
    EDUCATION = "education", _("education")
    STAFFING = "staffing", _("staffing")


class Code(models.Model):
    """One entry of a table; `name` is Chinese data, as the standard prints it."""

    table = models.CharField(_("code table"), max_length=20, choices=Table)
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("code name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["table", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["table", "code"], name="code_once_per_table"),
            models.UniqueConstraint(fields=["table", "name"], name="code_name_once_per_table"),
        ]

    def __str__(self) -> str:
        return self.name


class CodeAlias(Keyed):
    """A word that means a code: everywhere, or in the files of one unit's subtree."""

    code = models.ForeignKey(
        Code, verbose_name=_("code"), on_delete=models.CASCADE, related_name="aliases"
    )
    # Beside the code, so that the database can keep one meaning for a word.
    table = models.CharField(max_length=20, choices=Table, editable=False)
    word = models.CharField(_("word"), max_length=40)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta(Keyed.Meta):
        verbose_name = _("word for a code")
        verbose_name_plural = _("words for codes")
        ordering = ["word"]
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "table", "word"],
                name="code_alias_once",
                nulls_distinct=False,
                violation_error_message=_("This word has a meaning here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.table, self.word = self.code.table, squeeze(self.word).replace(" ", "")
        super().save(*args, **kwargs)
