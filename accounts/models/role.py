"""The roles that a grant gives."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    VIEWER = "viewer", _("leader (reads)")
    SYSADMIN = "sysadmin", _("system administrator")
    SECADMIN = "secadmin", _("security administrator")
    AUDITOR = "auditor", _("audit administrator")


BUSINESS_ROLES = (Role.COORDINATOR, Role.VIEWER)
