"""The demo's sign-ins: one for each role. Their names begin with `demo.`, nobody else's may."""

from __future__ import annotations

from typing import NamedTuple

from accounts.models import Role, User, grant
from cadres.models import Cadre
from mentoring.demo import OPENS_WITH
from pairings.models import Pairing
from pairings.states import State
from units.models import Unit

PREFIX = "demo."


class SignIn(NamedTuple):
    username: str
    role: str
    title: str
    place: str  # names from the city down, empty for the city itself


SIGN_INS = (
    SignIn("demo.shi", Role.COORDINATOR, "市委组织部工作人员", ""),
    SignIn("demo.xian", Role.COORDINATOR, "安吉县委组织部工作人员", "安吉县"),
    SignIn("demo.xiang", Role.COORDINATOR, "上墅乡组织委员", "安吉县/上墅乡"),
    SignIn("demo.lingdao", Role.VIEWER, "安吉县领导", "安吉县"),
    SignIn("demo.xitong", Role.SYSADMIN, "系统管理员", ""),
    SignIn("demo.anquan", Role.SECADMIN, "安全管理员", ""),
    SignIn("demo.shenji", Role.AUDITOR, "审计管理员", ""),
)
MENTOR, MENTEE = "demo.daoshi", "demo.bangdai"


def unit_at(city: Unit, place: str) -> Unit:
    unit = city
    for name in filter(None, place.split("/")):
        unit = Unit.objects.get(parent=unit, name=name)
    return unit


def open_office(city: Unit) -> dict[str, User]:
    """The staff's and administrators' sign-ins with their grants."""
    users = {}
    for sign_in in SIGN_INS:
        user = _user(sign_in.username, sign_in.title)
        grant(user, sign_in.role, unit_at(city, sign_in.place), by=None)
        users[sign_in.username] = user
    return users


def open_pair(city: Unit) -> Pairing | None:
    """Sign-ins for the people of 上墅乡; two of them, an active pair, with the demo's password."""
    township = unit_at(city, "安吉县/上墅乡")
    people = Cadre.objects.filter(township=township, created_by__isnull=False).order_by("id")
    active = Pairing.objects.filter(township=township, state=State.ACTIVE, to_on__isnull=False)
    shown = active.order_by("id").select_related("mentor_cadre", "mentee").last()
    if shown is None:
        return None
    for cadre, username in ((shown.mentor_cadre, MENTOR), (shown.mentee, MENTEE)):
        cadre.user = _user(username, cadre.name)
        cadre.save(update_fields=["user"])
    for number, cadre in enumerate(people.filter(user=None), 1):
        user = User(username=f"{PREFIX}p{number}", name=cadre.name)
        user.set_unusable_password()
        user.save()
        cadre.user = user
        cadre.save(update_fields=["user"])
    return shown


def _user(username: str, name: str) -> User:
    user = User(username=username, name=name, email=f"{username}@example.invalid")
    user.set_password(OPENS_WITH)
    user.save()
    return user


def lines() -> list[str]:
    """What the launcher prints: nothing once the demo's sign-ins are closed or gone."""
    names = {s.username: s.title for s in SIGN_INS} | {MENTOR: "导师", MENTEE: "帮带对象"}
    live = set(
        User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True)
    )
    if not live:
        return []
    shown = [f"  {name:<14}{title}" for name, title in names.items() if name in live]
    return ["", f"演示账号（密码均为 {OPENS_WITH}）：", *shown]
