"""A sealed quarter of the demo's county, what was entered since that reaches back to it, and a
regular report that waits on the desk."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from accounts.models import User
from activities.models import Session, Visit
from cadres.models import Cadre
from cadres.registering import correct, register
from mentoring.demo.chance import Chance
from pairings.models import Pairing
from pairings.states import State
from snapshots import ordering
from snapshots.models import Rhythm, Snapshot
from snapshots.sealing import seal
from stats.cuts import Cut
from units.models import Unit

LATE = 6  # records entered after the sealing


def enter(county: Unit, *, by: User, chance: Chance) -> int:
    """The last quarter sealed, then changed by late entries; the last month by the system."""
    with connection.cursor() as cursor:  # rows are sealed before what they belong to
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    period = ordering.period_before(Rhythm.QUARTERLY, chance.today)
    cut = Cut.at(period.last, period.first)
    quarter = seal(county, cut, purpose=ordering.title(Rhythm.QUARTERLY, period.first), by=by)
    _sealed_at(quarter, period.due + dt.timedelta(hours=1))
    _enter_late(county, cut, by, chance)
    ordering.switch(county, Rhythm.MONTHLY, on=True, by=by)
    return 1 + ordering.sweep(timezone.now())


def _sealed_at(snapshot: Snapshot, at: dt.datetime) -> None:
    """The demo is made today; what is sealed refuses to be told another day."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE snapshots_snapshot DISABLE TRIGGER USER")
        Snapshot.objects.filter(pk=snapshot.pk).update(created_at=at)
        cursor.execute("ALTER TABLE snapshots_snapshot ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _enter_late(county: Unit, cut: Cut, by: User, chance: Chance) -> None:
    ran = Pairing.objects.filter(county=county, from_on__lt=cut.period_from, state=State.ACTIVE)
    ran = ran.filter(mentor_cadre__user=None, mentee__user=None, stands_in_for=None)
    pairs = list(ran.for_detail().order_by("pk")[: LATE + 3])
    for number, pairing in enumerate(pairs[:LATE]):
        day = cut.as_of - dt.timedelta(days=chance.randint(3, 60))
        facts = {
            "id": chance.uuid_at(chance.moment(chance.today)), "pairing": pairing,
            "happened_on": day, "created_by": by, "is_on_behalf": True,
        }  # fmt: skip
        if number % 2:
            Visit.objects.create(**facts, place_text="村委会", visited="household")
        else:
            Session.objects.create(**facts, method="on_site", topic="村集体经济项目现场会")
    if len(pairs) < LATE + 3:
        return  # a demo of a few people
    ended, moved, corrected = pairs[LATE:]
    ended.move(
        "terminate", by=by, on=cut.as_of - dt.timedelta(days=9), document="无",
        reason="帮带对象九月调往市级机关，结对随之终止",
    )  # fmt: skip
    others = Unit.objects.filter(county=county, kind="township", closed_on=None)
    other = others.exclude(pk=moved.mentee.unit_id).order_by("pk")[0]
    moved.mentee.move_to(other, title="党政办干部", on=cut.as_of - dt.timedelta(days=15), by=by)
    person = Cadre.objects.get(pk=corrected.mentee_id)
    person.birth_month = "1988-04" if person.birth_month != "1988-04" else "1988-05"
    correct(person, fields=["birth_month"], by=by)
    register(
        Cadre(
            id=chance.uuid_at(chance.moment(chance.today)), name="程后录", gender="2",
            birth_month="1999-10", staffing="civil", education="21",
        ),
        unit=other, title="组织干事", by=by, client_key=None,
    )  # fmt: skip
