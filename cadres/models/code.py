"""The national code tables as rows, with the words that offices write for them.

Sources: GB/T 2261.1 (gender), GB/T 3304 (ethnicity), GB/T 4762 (political status), GB/T 4658
(education). 人员类别 has no national code; its codes are ours. `data/codes.csv` seeds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadres import codes
from core.models import Keyed
from core.text import squeeze
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        codes.forget()


def heard_by(user: User) -> Q:
    above = {pk for grant in user.live_grants for pk in grant.unit.ancestor_ids}
    within = Unit.objects.visible_to(user)
    return Q(unit=None) | Q(unit__in=above) | Q(unit__in=within)


class CodeAliasQuerySet(models.QuerySet["CodeAlias"]):
    def visible_to(self, user: User) -> Self:
        """Words known everywhere, and those that hold in some unit of the user's subtrees."""
        return self.filter(heard_by(user))


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

    objects = CodeAliasQuerySet.as_manager()

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

    def clean(self) -> None:
        """A word has one meaning: here, in the units above, and in those below."""
        self.word = plain(self.word)
        if self.code_id is None:  # the form says so beside the field
            return
        table = self.code.table
        if not self.word:
            raise ValidationError({"word": _("Write the word.")})
        meant = codes.words(table, self.unit).get(self.word)
        if meant is not None:
            raise ValidationError(
                {
                    "word": _("「%(word)s」 means 「%(name)s」 here already.")
                    % {"word": self.word, "name": codes.name(table, meant)}
                }
            )
        below = CodeAlias.objects.filter(table=table, word=self.word).exclude(code=self.code)
        if self.unit is not None:
            below = below.filter(unit__path__startswith=self.unit.path)
        if other := below.exclude(pk=self.pk).select_related("unit", "code").first():
            raise ValidationError(
                {
                    "word": _("「%(word)s」 means 「%(name)s」 in %(unit)s: remove it there first.")
                    % {"word": self.word, "name": other.code, "unit": other.unit}
                }
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.table, self.word = self.code.table, plain(self.word)
        super().save(*args, **kwargs)
        codes.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        codes.forget()
        return gone


def plain(word: str) -> str:
    """As a cell's word is compared: plain widths, no blanks."""
    return squeeze(word).replace(" ", "")
