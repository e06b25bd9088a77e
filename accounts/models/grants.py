"""A role over a unit's subtree, from a day to a day."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.event import AccountEvent, AccountVerb
from accounts.models.role import Role
from accounts.models.user import User
from units.models import Unit


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self, today: dt.date) -> Self:
        """In force on that day. A grant ended today is in force no longer."""
        return self.filter(Q(to_on=None) | Q(to_on__gt=today), from_on__lte=today)


class Grant(models.Model):
    """A role over a unit's subtree. Ended, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    from_on = models.DateField(_("from"), default=timezone.localdate)
    to_on = models.DateField(_("ended on"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("granted by")
    )
    # One number for all business roles and one for each of the three administrators: whoever
    # holds a grant of one number can hold none of another (三员分立).
    family = models.GeneratedField(
        expression=Case(
            When(role=Role.SYSADMIN, then=Value(1)),
            When(role=Role.SECADMIN, then=Value(2)),
            When(role=Role.AUDITOR, then=Value(3)),
            default=Value(0),
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            ExclusionConstraint(
                name="grant_administrators_exclude_one_another",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("family", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(to_on=None),
                violation_error_message=_(
                    "System, security and audit administrators and business users are different "
                    "people: end this person's other grants first."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(to_on=None),
                name="grant_once_while_open",
                violation_error_message=_("This person already holds this role here."),
            ),
            models.CheckConstraint(
                name="grant_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit}"


def grant(
    user: User,
    role: str,
    unit: Unit,
    *,
    by: User | None,
    key: uuid.UUID | None = None,
    **fields: Any,
) -> Grant:
    """Give a role over a unit, with its event; ValidationError when the rules forbid it."""
    made = Grant(user=user, role=role, unit=unit, granted_by=by, **fields)
    made.full_clean()
    try:
        with transaction.atomic():
            made.save()
            AccountEvent.objects.create(
                user=user,
                created_by=by,
                client_key=key,
                verb=AccountVerb.GRANT,
                role=role,
                unit=unit,
            )
    except IntegrityError:
        # Granted by somebody else between the check and the write: the database had the last word.
        raise ValidationError(
            _("This person's grants were changed at the same moment. Look again.")
        ) from None
    return made


@transaction.atomic
def end_grant(held: Grant, *, by: User, today: dt.date) -> bool:
    """End a grant with effect from now; False when it had ended already."""
    if not Grant.objects.filter(pk=held.pk, to_on=None).update(to_on=max(today, held.from_on)):
        return False
    AccountEvent.objects.create(
        user=held.user, created_by=by, verb=AccountVerb.END_GRANT, role=held.role, unit=held.unit
    )
    return True
