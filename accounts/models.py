"""Users and their grants: a role over a unit's subtree, from a day to a day."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from core.text import squeeze
from units.models import Unit


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    VIEWER = "viewer", _("leader (reads)")
    SYSADMIN = "sysadmin", _("system administrator")
    SECADMIN = "secadmin", _("security administrator")
    AUDITOR = "auditor", _("audit administrator")


BUSINESS_ROLES = (Role.COORDINATOR, Role.VIEWER)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """All accounts to the keepers of accounts, one's own to everybody else.

        A superuser's account opens the database itself: no keeper of accounts reaches it.
        """
        if user.is_account_keeper:
            return self.filter(is_superuser=False)
        return self.filter(pk=user.pk)

    def search(self, text: str) -> Self:
        """By a part of the name or of the user name."""
        words = squeeze(text)
        if not words:
            return self
        return self.filter(Q(name__contains=words) | Q(username__icontains=words))


class Users(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    """A sign-in. Whose it is stands in the register (`Cadre.user`), if anybody's."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    # No statistics of log-ins: Django keeps no time of the last one without this column.
    last_login = None

    name = models.CharField(_("name"), max_length=50)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)

    objects: ClassVar[Users] = Users()

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @cached_property
    def live_grants(self) -> list[Grant]:
        """The grants in force today, with their units; read once a request."""
        if not self.is_active:
            return []
        return list(
            self.grants.live(timezone.localdate()).select_related("unit").order_by("unit__path")
        )

    def has_role(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.live_grants)

    @property
    def is_office(self) -> bool:
        return self.has_role(*BUSINESS_ROLES)

    @property
    def is_coordinator(self) -> bool:
        return self.has_role(Role.COORDINATOR)

    @property
    def is_account_keeper(self) -> bool:
        return self.has_role(Role.SYSADMIN, Role.SECADMIN)

    @property
    def is_sysadmin(self) -> bool:
        return self.has_role(Role.SYSADMIN)

    @property
    def is_auditor(self) -> bool:
        return self.has_role(Role.AUDITOR)

    def rows_q(self, prefix: str = "", *, roles: tuple[str, ...] = BUSINESS_ROLES) -> Q:
        """The condition for rows of Placed tables in the subtrees of the user's grants.

        Nothing is granted: a condition that no row fulfils.
        """
        condition = Q(pk__in=[])
        for grant in self.live_grants:
            if grant.role in roles:
                condition |= grant.unit.rows_q(prefix)
        return condition

    def units_q(self, *, roles: tuple[str, ...] = BUSINESS_ROLES) -> Q:
        condition = Q(pk__in=[])
        for grant in self.live_grants:
            if grant.role in roles:
                condition |= Q(path__startswith=grant.unit.path)
        return condition

    def governs(self, unit: Unit, *, roles: tuple[str, ...] = (Role.COORDINATOR,)) -> bool:
        """Whether the unit lies in the subtree of one of the user's grants of these roles."""
        return any(
            grant.role in roles and unit.path.startswith(grant.unit.path)
            for grant in self.live_grants
        )


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


class AccountVerb(models.TextChoices):
    OPEN = "open", _("account opened")
    EDIT = "edit", _("account data changed")
    RESET = "reset", _("password reset")
    CHOOSE = "choose", _("own password changed")
    DISABLE = "disable", _("account closed")
    ENABLE = "enable", _("account opened again")
    GRANT = "grant", _("role granted")
    END_GRANT = "end_grant", _("grant ended")


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def visible_to(self, user: User) -> Self:
        """The trail is read by the audit administrator, and by nobody else."""
        return self.all() if user.is_auditor else self.none()

    def for_list(self) -> Self:
        return self.select_related("user", "created_by", "unit")


class AccountEvent(Keyed):
    """Who (`created_by`) did what to an account or a grant, when (`created_at`).

    `role` and `unit` are those of the grant, when it is about one.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="events")
    verb = models.CharField(_("account operation"), max_length=40, choices=AccountVerb)
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at", "id"], name="account_event_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.user_id}"


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
