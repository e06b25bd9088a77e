"""Good rows into the register: gathered by table while they are judged again, and written by a
few statements for all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql

from accounts.models import User
from cadres import pinyin
from cadres.models import Cadre, CadreEvent, CadreVerb, Exemption, Mentee, MenteeEvent, Posting
from cadres.models.mentee_event import MenteeVerb
from core.models import uuid7
from mentors.importing.plans import PLAIN, Plan
from mentors.models import Mentor, MentorEvent
from mentors.states import State
from rosters.kinds import Progress, Staged
from rosters.states import Outcome
from tables.loading import Load, ModelLoad

Effect = dict[str, Any]

CHANGED = (*PLAIN, "pinyin", "initials", "unit_id")
_ROWS = list[tuple[int, Staged, Plan]]


def save(rows: Iterator[_ROWS], by: User, progress: Progress) -> Iterator[tuple[int, Effect]]:
    """See rosters.kinds.Kind.save; nothing is written before the last row was seen."""
    writer = Writer(by)
    for chunk in rows:
        for pk, staged, plan in chunk:
            yield pk, writer.take(staged, plan)
    writer.write(progress)


class Writer:
    def __init__(self, by: User) -> None:
        now = timezone.now()
        self._origin = _("by roster import")
        self._by, self._today = by, timezone.localdate()
        made = {"created_by_id": by.pk, "created_at": now}
        self._cadres = ModelLoad(Cadre, **made, updated_at=now)
        self._postings = ModelLoad(Posting)
        self._cadre_events = ModelLoad(CadreEvent, actor_id=by.pk, at=now)
        self._mentors = ModelLoad(Mentor, **made, state=State.IN_OFFICE)
        self._mentor_events = ModelLoad(MentorEvent, actor_id=by.pk, at=now)
        self._strengths = ModelLoad(Mentor.strengths.through)
        self._mentees = ModelLoad(Mentee, **made)
        self._mentee_events = ModelLoad(MenteeEvent, actor_id=by.pk, at=now)
        self._exemptions = ModelLoad(Exemption, **made, from_on=self._today)
        self._changes = Load("roster_change", ("id", *CHANGED))
        self._closed: list[UUID] = []
        self._dropped: list[UUID] = []
        self._alters: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def take(self, staged: Staged, plan: Plan) -> Effect:
        """Gather what the row does; what undoing it will need."""
        effect = self._register(staged, plan) if plan.person is None else self._change(plan)
        cadre = UUID(effect["new"]) if "new" in effect else plan.match
        unit = plan.unit or (plan.person or {}).get("unit_id")
        if cadre is None or plan.outcome == Outcome.SAME:
            return effect
        if plan.appoints:
            effect["mentor"] = str(self._appoint(cadre, unit, plan.appoints))
        if plan.alters and plan.mentor:
            effect["alters"] = self._alter(plan)
        entry = plan.mentee["pk"] if plan.mentee and plan.mentee["to_on"] is None else None
        if plan.enters:
            entry = self._enter(cadre, plan)
            effect["mentee"] = str(entry)
        if plan.exempts:
            effect["exemption"] = self._exempt(entry, plan.exempts)
        return effect

    # -- people --------------------------------------------------------------------------------

    def _register(self, staged: Staged, plan: Plan) -> Effect:
        values = staged.values
        cadre, event = uuid7(), uuid7()
        whole, initials = pinyin.keys(values["name"])
        self._cadres.put(
            id=cadre,
            pinyin=whole,
            initials=initials,
            unit_id=plan.unit,
            county_id=plan.unit,  # the database puts the row where the unit stands
            **{name: values[name] for name in PLAIN if name in values},
        )
        self._post(cadre, plan, from_on=None)
        self._cadre_events.put(
            id=event, cadre_id=cadre, verb=CadreVerb.REGISTER, detail=self._origin
        )
        return {"new": str(cadre), "events": [str(event)]}

    def _post(self, cadre: UUID, plan: Plan, *, from_on: dt.date | None) -> UUID:
        posting = uuid7()
        self._postings.put(
            id=posting, cadre_id=cadre, unit_id=plan.unit, county_id=plan.unit,
            title=plan.title, from_on=from_on,
        )  # fmt: skip
        return posting

    def _change(self, plan: Plan) -> Effect:
        person, cadre = plan.person or {}, plan.match
        effect: Effect = {"cadre": str(cadre)}
        if cadre is None or not (plan.fields or plan.moves):
            return effect
        new = dict(plan.fields)
        if new:
            effect["fields"] = {name: [person[name], value] for name, value in new.items()}
            self._note(cadre, CadreVerb.CORRECT, fields=[n for n in new if n != "id_tail"])
        if "name" in new:
            new["pinyin"], new["initials"] = pinyin.keys(new["name"])
        if plan.moves:
            effect["move"] = self._move(cadre, plan)
            new["unit_id"] = plan.unit
        self._changes.add([cadre, *map(new.get, CHANGED)])
        return effect

    def _move(self, cadre: UUID, plan: Plan) -> Effect:
        """The open main post ends yesterday; one that began today never took effect."""
        person = plan.person or {}
        effect: Effect = {"unit": person["unit_id"], "title": plan.title}
        if person["post"] is not None:
            pk, title, from_on = person["post"]
            if from_on is not None and from_on >= self._today:
                self._dropped.append(pk)
                effect["dropped"] = [title, from_on.isoformat()]
            else:
                self._closed.append(pk)
                effect["closed"] = str(pk)
        effect["to"] = str(self._post(cadre, plan, from_on=self._today))
        self._note(cadre, CadreVerb.MOVE, on=self._today, detail=plan.title)
        return effect

    def _note(self, cadre: UUID, verb: str, **facts: Any) -> None:
        self._cadre_events.put(id=uuid7(), cadre_id=cadre, verb=verb, **facts)

    # -- mentors and mentees -------------------------------------------------------------------

    def _appoint(self, cadre: UUID, unit: Any, terms: dict[str, Any]) -> UUID:
        mentor = uuid7()
        facts = {name: terms[name] for name in ("category_id", "capacity", "term_to_on")}
        self._mentors.put(
            id=mentor, cadre_id=cadre, unit_id=unit, county_id=unit, from_on=terms["from_on"],
            **facts,
        )  # fmt: skip
        self._mentor_events.put(
            mentor_id=mentor, verb="import", to_state=State.IN_OFFICE, on=terms["from_on"],
            new_to_on=terms["term_to_on"],
        )  # fmt: skip
        for strength in terms["strengths"]:
            self._strengths.put(mentor_id=mentor, strength_id=strength)
        return mentor

    def _alter(self, plan: Plan) -> Effect:
        mentor = plan.mentor or {}
        self._alters.append((mentor, plan.alters))
        said = [
            f"{change['label']} {change['old'] or '—'} → {change['new'] or '—'}"
            for change in plan.changes
            if change["field"] in ("mentor_category", "capacity", "strengths", "term_to_on")
        ]
        self._mentor_events.put(
            mentor_id=mentor["pk"], verb="edit", from_state=mentor["state"],
            to_state=mentor["state"], on=self._today, reason="；".join(said)[:300],
            **terms_of_event(mentor, plan.alters),
        )  # fmt: skip
        old = {name: [_plain(mentor[name]), _plain(new)] for name, new in plan.alters.items()}
        return {"mentor": str(mentor["pk"]), "was": old}

    def _enter(self, cadre: UUID, plan: Plan) -> UUID:
        entry = uuid7()
        self._mentees.put(id=entry, cadre_id=cadre, category_id=plan.enters, from_on=plan.since)
        self._mentee_events.put(mentee_id=entry, verb=MenteeVerb.REGISTER, on=plan.since)
        return entry

    def _exempt(self, entry: UUID | None, reason: str) -> Effect:
        exemption = uuid7()
        self._exemptions.put(id=exemption, mentee_id=entry, reason=reason)
        self._mentee_events.put(
            mentee_id=entry, verb=MenteeVerb.EXEMPT, on=self._today, reason=reason
        )
        return {"pk": str(exemption), "mentee": str(entry), "reason": reason}

    # -- writing -------------------------------------------------------------------------------

    def write(self, progress: Progress) -> None:
        loads = (
            self._cadres, self._postings, self._cadre_events, self._mentors, self._strengths,
            self._mentor_events, self._mentees, self._mentee_events, self._exemptions,
        )  # fmt: skip
        total = sum(load.count for load in loads) + self._changes.count
        done = 0
        progress(done, total)
        self._close_posts()
        done += change_people(self._changes)
        for load in loads:
            done += load.pour()
            progress(done, total)
        for mentor, alters in self._alters:
            old = {name: mentor[name] for name in alters}
            if not change_mentor(mentor["pk"], old, alters):
                raise IntegrityError("an appointment was changed while the roster was saved")

    def _close_posts(self) -> None:
        posts = Posting.objects.filter(to_on=None)
        ended = posts.filter(pk__in=self._closed).update(to_on=self._today - dt.timedelta(days=1))
        dropped = posts.filter(pk__in=self._dropped)
        gone = dropped._raw_delete(dropped.db) or 0  # nothing for no ids
        if (ended, gone) != (len(self._closed), len(self._dropped)):
            raise IntegrityError("somebody was moved while the roster was saved")


def change_people(changes: Load) -> int:
    """Write the columns that are not NULL here and no other; an empty digest is none."""
    if not changes.count:
        return 0
    names = [sql.Identifier(name) for name in CHANGED]
    sets = [
        sql.SQL(
            "{0} = nullif(coalesce(t.{0}, c.{0}), '')"
            if name == "id_digest"
            else "{0} = coalesce(t.{0}, c.{0})"
        ).format(sql.Identifier(name))
        for name in CHANGED
    ]
    made = sql.SQL(
        "CREATE TEMPORARY TABLE roster_change ON COMMIT DROP AS"
        " SELECT id, {} FROM cadres_cadre WITH NO DATA"
    )
    update = sql.SQL(
        "UPDATE cadres_cadre c SET {}, updated_at = now() FROM roster_change t WHERE c.id = t.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(made.format(sql.SQL(", ").join(names)))
        count = changes.pour()
        cursor.execute(update.format(sql.SQL(", ").join(sets)))
        changed: int = cursor.rowcount
        cursor.execute("DROP TABLE roster_change")
    if changed != count:
        raise IntegrityError("somebody is in the register no longer")
    return count


def change_mentor(pk: UUID, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Compare and swap the terms of an appointment; False when they are other ones by now."""
    facts = {name: value for name, value in new.items() if name != "strengths"}
    expected = {name: value for name, value in old.items() if name != "strengths"}
    if not Mentor.objects.filter(pk=pk, to_on=None, **expected).update(**facts or {"to_on": None}):
        return False
    if "strengths" in new:
        through = Mentor.strengths.through.objects
        through.filter(mentor=pk).delete()
        through.bulk_create([through.model(mentor_id=pk, strength_id=k) for k in new["strengths"]])
    return True


def terms_of_event(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The columns of an event for what it changes of these terms: the lists of a day read them."""
    found: dict[str, Any] = {}
    if "capacity" in new:
        found |= {"old_capacity": old["capacity"], "new_capacity": new["capacity"]}
    if "term_to_on" in new:
        found |= {"old_to_on": old["term_to_on"], "new_to_on": new["term_to_on"]}
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
