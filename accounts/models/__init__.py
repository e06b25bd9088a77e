"""Users, their grants (a role over a unit's subtree, from a day to a day), and what they did."""

from accounts.models.event import AccountEvent, AccountEventQuerySet, AccountVerb
from accounts.models.export import Export, ExportQuerySet, Format
from accounts.models.grants import Grant, GrantQuerySet, end_grant, grant
from accounts.models.role import BUSINESS_ROLES, Role
from accounts.models.user import User, UserQuerySet, Users

__all__ = [
    "BUSINESS_ROLES",
    "AccountEvent",
    "AccountEventQuerySet",
    "AccountVerb",
    "Export",
    "ExportQuerySet",
    "Format",
    "Grant",
    "GrantQuerySet",
    "Role",
    "User",
    "UserQuerySet",
    "Users",
    "end_grant",
    "grant",
]
