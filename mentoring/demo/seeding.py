"""The demo as a whole: Huzhou's divisions, invented people and pairs, four published pairs."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.apps import apps
from django.db import connection, transaction

from accounts.models import User
from activities.models import Session
from cadres.models import CodeAlias
from certificates import issuing
from mentoring.demo import (
    accounts,
    entries,
    left_open,
    life,
    lineages,
    meetings,
    people,
    planning,
    published,
    remarks,
    roles,
    rounds,
    sealed,
    tasks,
)
from mentoring.demo.chance import Chance
from mentoring.demo.life import Lives
from mentoring.embedded import ROOT
from pairings.models import PRESET_BASIS, Pairing, Policy
from pairings.states import State
from units import divisions, tree
from units.models import Unit

DIVISIONS = ROOT / "data" / "huzhou_divisions.csv"
ROOMS = (
    "units",
    "accounts",
    "rosters",
    "cadres",
    "mentors",
    "pairings",
    "programmes",
    "activities",
    "plans",
    "calendars",
    "certificates",
    "reminders",
    "stats",
    "sampling",
    "handbooks",
    "snapshots",
    "papers",
)
CERTIFICATES = 30
# Open lists and code tables, which migrations fill.
KEPT = {"cadres_code", "cadres_menteecategory", "mentors_mentorcategory", "mentors_strength"}


def is_empty() -> bool:
    return not Unit.objects.exists()


def is_demo() -> bool:
    """Whether every account is the demo's, so that throwing all away loses nobody's work."""
    return not User.objects.exclude(username__startswith=accounts.PREFIX).exists()


def throw_away() -> None:
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and model._meta.db_table not in KEPT
    ]
    names = ", ".join(f'"{table}"' for table in tables)
    with connection.cursor() as cursor:
        # Checks of this transaction's own rows come first: no table is emptied while they wait.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Words for codes that came with the system point at no unit and no user, but their table
        # does, so it is emptied with theirs.
        words = list(CodeAlias.objects.filter(unit=None, created_by=None).order_by("pk"))
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        # Numbered anew: with their old numbers the next word of an office would clash.
        for word in words:
            word.pk = None
        CodeAlias.objects.bulk_create(words)


@transaction.atomic
def seed(*, mentors: int, mentees: int, seed: int, today: dt.date) -> Counter[str]:
    """Fill an empty database; counts by table. The same arguments give the same data."""
    chance = Chance(seed, today)
    divisions.load(divisions.read(DIVISIONS))
    city = Unit.objects.get(code="330500000000")
    _bodies_without_code(city)
    users = accounts.open_office(city)
    policy = Policy.objects.create(unit=city, from_on=dt.date(2018, 1, 1), basis=PRESET_BASIS)
    groups = people.enter(
        city, mentors=mentors, mentees=mentees, by=users["demo.shi"], chance=chance
    )
    lives = Lives(chance, users["demo.shi"], policy)
    for group in groups:
        lives.group(group)
    counts = lives.write()
    counts["Mentor"] = sum(len(group.mentors) for group in groups)
    # Chance of its own: what else the demo holds does not hang on the register of mentees.
    counts["Mentee"] = entries.enter(groups, by=users["demo.shi"], chance=Chance(seed, today))
    counts["Pairing"] += lineages.enter(
        groups, Lives(Chance(seed + 1, today), users["demo.shi"], policy)
    )
    published.enter(city, chance)
    shown = accounts.open_pair(city)
    if shown is not None:
        life.something_to_do(shown, chance)
    counts["Programme"] = rounds.enter(
        Unit.objects.get(parent=city, name="安吉县"), policy,
        by=users["demo.xian"], chance=Chance(seed + 2, today),
    )  # fmt: skip
    counts["Pairing"] += roles.enter(
        Unit.objects.get(parent=city, name="安吉县"),
        Lives(Chance(seed + 3, today), users["demo.xian"], policy),
    )
    counts["Plan"] = planning.enter(
        Unit.objects.get(parent=city, name="安吉县"), shown,
        by=users["demo.xian"], chance=Chance(seed + 4, today),
    )  # fmt: skip
    counts["Comment"] = remarks.enter(
        Unit.objects.get(parent=city, name="安吉县"), shown,
        by=users["demo.xian"], chance=Chance(seed + 5, today),
    )  # fmt: skip
    counts["AssignmentTemplate"] = tasks.enter(
        Unit.objects.get(parent=city, name="安吉县"), shown,
        by=users["demo.xian"], chance=Chance(seed + 6, today),
    )  # fmt: skip
    counts["PlannedMeeting"] = meetings.enter(
        Unit.objects.get(parent=city, name="安吉县"), shown,
        by=users["demo.xian"], chance=Chance(seed + 7, today),
    )  # fmt: skip
    counts["OpenMatter"] = left_open.enter(
        Unit.objects.get(parent=city, name="安吉县"), shown,
        by=users["demo.xian"], chance=Chance(seed + 8, today),
    )  # fmt: skip
    counts["Certificate"] = _certificates(users["demo.xian"], today)
    counts["Snapshot"] = sealed.enter(
        Unit.objects.get(parent=city, name="安吉县"),
        by=users["demo.xian"], chance=Chance(seed + 9, today),
    )  # fmt: skip
    return counts


def _bodies_without_code(city: Unit) -> None:
    """The zone with its subdistrict, the offices of city and counties, a station a township."""
    zone = Unit.objects.create(name="南太湖新区", kind="zone", parent=city)
    tree.move(Unit.objects.get(code="330502011000", kind="township"), zone)
    Unit.objects.create(name="市委组织部", kind="department", parent=city)
    for county in Unit.objects.filter(parent=city, kind="county").order_by("code"):
        name = "县委组织部" if county.name.endswith("县") else "区委组织部"
        Unit.objects.create(name=name, kind="department", parent=county)
    for township in Unit.objects.within(city).filter(kind="township").order_by("code"):
        Unit.objects.create(name=f"{township.name}便民服务中心", kind="station", parent=township)


def _certificates(by: User, today: dt.date) -> int:
    """拜师帖 for some pairs of Anji: those with the most records."""
    busy = Session.objects.filter(county__name="安吉县").values("pairing")
    pairs = Pairing.objects.for_detail().filter(
        pk__in=busy, state=State.ACTIVE, to_on__isnull=False, from_on__lte=today
    )
    chosen = list(pairs.order_by("id")[:CERTIFICATES])
    for pairing in chosen:
        issuing.issue(pairing, by=by, on=max(pairing.from_on, dt.date(today.year, 1, 1)))
    return len(chosen)
