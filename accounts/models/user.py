"""Sign-ins, and what the grants of one let them see."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.role import BUSINESS_ROLES, Role
from core.text import squeeze
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models.grants import Grant


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
    def device_key(self) -> str:
        """Under which a browser keeps this person's unsent forms; it tells nothing of them."""
        return salted_hmac("accounts.device", str(self.pk), algorithm="sha256").hexdigest()[:32]

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

    def units_q(self, column: str = "path", *, roles: tuple[str, ...] = BUSINESS_ROLES) -> Q:
        """The condition for units in the subtrees, or for rows that keep a unit's path so."""
        condition = Q(pk__in=[])
        for grant in self.live_grants:
            if grant.role in roles:
                condition |= Q(**{f"{column}__startswith": grant.unit.path})
        return condition

    def governs(self, unit: Unit, *, roles: tuple[str, ...] = (Role.COORDINATOR,)) -> bool:
        """Whether the unit lies in the subtree of one of the user's grants of these roles."""
        return any(
            grant.role in roles and unit.path.startswith(grant.unit.path)
            for grant in self.live_grants
        )
