"""The first three accounts of an installation; everybody else's come from their keepers."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.db import transaction

from accounts.models import AccountEvent, AccountVerb, Grant, Role, User, grant
from units.models import Unit

FOUNDERS = {
    Role.SYSADMIN: ("xitong", "系统管理员"),
    Role.SECADMIN: ("anquan", "安全管理员"),
    Role.AUDITOR: ("shenji", "审计管理员"),
}


class Founder(NamedTuple):
    username: str
    title: str
    password: str  # holds until its owner has chosen another


class AlreadyFounded(Exception):
    """There are administrators: new ones are opened and granted in the browser."""


@transaction.atomic
def found(unit: Unit) -> list[Founder]:
    """Open the three administrators over the unit, three people who exclude one another."""
    if Grant.objects.filter(role__in=FOUNDERS).exists():
        raise AlreadyFounded
    founders = []
    for role, (username, title) in FOUNDERS.items():
        password = secrets.token_urlsafe(9)
        user = User(username=username, name=title, must_change_password=True)
        user.set_password(password)
        user.save()
        AccountEvent.objects.create(user=user, verb=AccountVerb.OPEN)
        grant(user, role, unit, by=None)
        founders.append(Founder(username, title, password))
    return founders
