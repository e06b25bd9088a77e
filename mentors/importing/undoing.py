"""An import taken back: what was made goes, what was changed is put back, unless later work
rests on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cadres import pinyin
from cadres.finding import PERSON
from cadres.models import (
    Cadre,
    CadreEvent,
    CadreVerb,
    Exemption,
    Mentee,
    MenteeEvent,
    Merge,
    Posting,
)
from cadres.models.mentee_event import MenteeVerb
from mentors.importing.plans import LABELS
from mentors.importing.saving import CHANGED, change_mentor, change_people, terms_of_event
from mentors.models import Mentor, MentorEvent
from rosters.kinds import Progress, Refused
from rosters.resting import remove, resting_on
from tables.loading import Load

Effects = list[tuple[int, int, int, dict[str, Any]]]


def undo(effects: Iterator[Effects], progress: Progress, *, keep_blocked: bool) -> int:
    """See rosters.kinds.Kind.undo."""
    refused: list[tuple[int, int, str]] = []
    undone = done = 0
    for chunk in effects:
        part = Part(chunk)
        refused += [
            (sheet, number, part.blocked[at])
            for at, (_pk, sheet, number, _effect) in enumerate(chunk)
            if at in part.blocked
        ]
        if keep_blocked or not refused:
            undone += part.take_back()
        done += len(chunk)
        progress(done, done)
    if refused and not keep_blocked:
        raise Refused(refused)
    return undone


class Part:
    """Some rows: what stands against each, then those without anything taken back."""

    def __init__(self, chunk: Effects) -> None:
        self.effects = [effect for _pk, _sheet, _number, effect in chunk]
        self.blocked: dict[int, str] = {}
        self._of_people()
        self._of_appointments()
        self._of_entries()
        self._of_changes()
        self._of_moves()
        self._of_terms()

    # -- what stands against it ----------------------------------------------------------------

    def _block(self, at: int, sentence: str) -> None:
        self.blocked.setdefault(at, sentence)

    def _named(self, name: str) -> dict[UUID, int]:
        """The positions of rows by the id that their effect has under this name."""
        return {UUID(e[name]): at for at, e in enumerate(self.effects) if name in e}

    def _of_people(self) -> None:
        new = self._named("new")
        made = {
            "cadres.cadreevent": [key for e in self.effects for key in e.get("events", ())],
            "mentors.mentor": [*self._named("mentor")],
            "cadres.mentee": [*self._named("mentee")],
        }
        first = Posting.objects.filter(cadre__in=new).order_by().values("cadre")
        several = {row["cadre"] for row in first.annotate(n=Count("pk")).filter(n__gt=1)}
        # Named first: a merge leaves its mark in other tables as well.
        merged = {key: str(Merge._meta.verbose_name) for key in _merged(new)}
        resting = resting_on(Cadre, [*new], made=made, alone=["cadres.posting"]) | merged
        known = set(Cadre.objects.filter(pk__in=new, user=None).values_list("pk", flat=True))
        for key, at in new.items():
            if key in resting:
                self._rests(at, resting[key])
            elif key in several:
                self._rests(at, str(Posting._meta.verbose_name))
            elif key not in known:
                self._block(at, _("The person has a sign-in, or is there no longer."))

    def _rests(self, at: int, what: str) -> None:
        self._block(at, _("Later work rests on this row: %(what)s.") % {"what": what})

    def _of_appointments(self) -> None:
        made = self._named("mentor")
        events = MentorEvent.objects.filter(mentor__in=made).order_by().values("mentor")
        later = {row["mentor"] for row in events.annotate(n=Count("pk")).filter(n__gt=1)}
        own = ["mentors.mentorevent", "mentors.mentor_strengths"]
        resting = resting_on(Mentor, [*made], made={}, alone=own)
        for key, at in made.items():
            if key in resting:
                self._rests(at, resting[key])
            elif key in later:
                self._rests(at, str(MentorEvent._meta.verbose_name))

    def _of_entries(self) -> None:
        """Entries as mentee; an exemption that came with one is an event more of it."""
        made = self._named("mentee")
        exemptions = [e["exemption"]["pk"] for e in self.effects if "exemption" in e]
        events = MenteeEvent.objects.filter(mentee__in=made).order_by().values("mentee")
        counts = {row["mentee"]: row["n"] for row in events.annotate(n=Count("pk"))}
        ours = {"cadres.exemption": exemptions}
        resting = resting_on(Mentee, [*made], made=ours, alone=["cadres.menteeevent"])
        for key, at in made.items():
            if key in resting:
                self._rests(at, resting[key])
            elif counts.get(key, 0) > 1 + ("exemption" in self.effects[at]):
                self._rests(at, str(MenteeEvent._meta.verbose_name))
        standing = Exemption.objects.filter(pk__in=exemptions, to_on=None).values_list("pk")
        untouched = {str(key) for (key,) in standing}
        for at, effect in enumerate(self.effects):
            if "exemption" in effect and effect["exemption"]["pk"] not in untouched:
                self._again(at, "should_pair")

    def _again(self, at: int, name: str) -> None:
        sentence = _("It was changed again since: %(field)s.") % {"field": LABELS[name]}
        self._block(at, sentence)

    def _of_changes(self) -> None:
        changed = {
            UUID(e["cadre"]): at for at, e in enumerate(self.effects) if len(e) > 1 and "cadre" in e
        }
        people = {p["pk"]: p for p in Cadre.objects.filter(pk__in=changed).values(*PERSON)}
        for key, at in changed.items():
            now, effect = people.get(key), self.effects[at]
            if (
                now is None
                or now["merged_into_id"]
                or ({"fields", "move"} & {*effect} and now["left_on"])
            ):
                self._block(at, _("The person has left the register or was merged since."))
                continue
            for name, (_old, new) in effect.get("fields", {}).items():
                if now[name] != new:
                    self._again(at, "id_digest" if name == "id_tail" else name)

    def _of_moves(self) -> None:
        opened = {UUID(e["move"]["to"]): at for at, e in enumerate(self.effects) if "move" in e}
        rows = Posting.objects.filter(pk__in=opened, to_on=None, is_main=True)
        titles = dict(rows.values_list("pk", "title"))
        closed = {UUID(e["move"]["closed"]) for e in self.effects if "closed" in e.get("move", {})}
        kept = set(
            Posting.objects.filter(pk__in=closed, to_on__isnull=False).values_list("pk", flat=True)
        )
        for key, at in opened.items():
            move = self.effects[at]["move"]
            if titles.get(key) != move["title"] or (
                "closed" in move and UUID(move["closed"]) not in kept
            ):
                self._again(at, "title")

    def _of_terms(self) -> None:
        altered = {
            UUID(e["alters"]["mentor"]): at for at, e in enumerate(self.effects) if "alters" in e
        }
        names = ("pk", "category_id", "capacity", "term_to_on")
        rows = {
            m["pk"]: m for m in Mentor.objects.filter(pk__in=altered, to_on=None).values(*names)
        }
        for key, at in altered.items():
            now = rows.get(key)
            for name, (_old, new) in self.effects[at]["alters"]["was"].items():
                is_other = (
                    now is not None and name != "strengths" and _text(now[name]) != _text(new)
                )
                if now is None or is_other:
                    self._again(at, "mentor_category" if name == "category_id" else name)

    # -- taking it back ------------------------------------------------------------------------

    def take_back(self) -> int:
        free = [e for at, e in enumerate(self.effects) if at not in self.blocked]
        self._put_terms_back(free)
        mentors = [e["mentor"] for e in free if "mentor" in e]
        entries = [e["mentee"] for e in free if "mentee" in e]
        people = [e["new"] for e in free if "new" in e]
        remove(MentorEvent, mentor__in=mentors)
        remove(Mentor.strengths.through, mentor__in=mentors)
        remove(Mentor, pk__in=mentors)
        self._end_exemptions(free, {*entries})
        remove(MenteeEvent, mentee__in=entries)
        remove(Mentee, pk__in=entries)
        remove(CadreEvent, cadre__in=people)
        remove(Posting, cadre__in=people)
        remove(Cadre, pk__in=people)
        self._move_back([e for e in free if "move" in e])
        self._put_back([e for e in free if "fields" in e or "move" in e])
        return len(free)

    def _put_terms_back(self, effects: list[dict[str, Any]]) -> None:
        for effect in effects:
            if "alters" not in effect:
                continue
            pk, was = UUID(effect["alters"]["mentor"]), effect["alters"]["was"]
            old, new = ({name: pair[at] for name, pair in was.items()} for at in (0, 1))
            change_mentor(pk, new, old)
            state = Mentor.objects.values_list("state", flat=True).get(pk=pk)
            MentorEvent.objects.create(
                mentor_id=pk, verb="edit", from_state=state, to_state=state,
                reason=_("roster import undone"), **terms_of_event(new, old),
            )  # fmt: skip

    def _end_exemptions(self, effects: list[dict[str, Any]], gone: set[str]) -> None:
        ours = [e["exemption"] for e in effects if "exemption" in e]
        remove(Exemption, pk__in=[one["pk"] for one in ours])
        MenteeEvent.objects.bulk_create(
            [
                MenteeEvent(
                    mentee_id=one["mentee"], verb=MenteeVerb.INCLUDE, on=timezone.localdate(),
                    reason=_("roster import undone"),
                )
                for one in ours
                if one["mentee"] not in gone
            ]
        )  # fmt: skip

    def _move_back(self, effects: list[dict[str, Any]]) -> None:
        moves = [(UUID(e["cadre"]), e["move"]) for e in effects]
        remove(Posting, pk__in=[move["to"] for _cadre, move in moves])
        closed = [move["closed"] for _cadre, move in moves if "closed" in move]
        Posting.objects.filter(pk__in=closed).update(to_on=None)
        for cadre, move in moves:
            if "dropped" in move:
                title, from_on = move["dropped"]
                Posting.objects.create(
                    cadre_id=cadre, unit_id=move["unit"], title=title,
                    from_on=dt.date.fromisoformat(from_on),
                )  # fmt: skip

    def _put_back(self, effects: list[dict[str, Any]]) -> None:
        changes = Load("roster_change", ("id", *CHANGED))
        for effect in effects:
            pairs = effect.get("fields", {})
            old = {name: "" if was is None else was for name, (was, _new) in pairs.items()}
            if "name" in old:
                old["pinyin"], old["initials"] = pinyin.keys(old["name"])
            if "move" in effect:
                old["unit_id"] = effect["move"]["unit"]
            changes.add([effect["cadre"], *map(old.get, CHANGED)])
        change_people(changes)
        CadreEvent.objects.bulk_create(
            [
                CadreEvent(
                    cadre_id=UUID(e["cadre"]),
                    verb=CadreVerb.CORRECT if "fields" in e else CadreVerb.MOVE,
                    fields=[n for n in e.get("fields", {}) if n != "id_tail"],
                    detail=_("roster import undone"),
                )
                for e in effects
            ],
            batch_size=1_000,
        )


def _merged(people: Iterable[UUID]) -> set[UUID]:
    """Those of whom another record was made one with theirs, even if it was parted again."""
    rows = Merge.objects.filter(Q(kept__in=people) | Q(absorbed__in=people))
    return {key for pair in rows.values_list("kept", "absorbed") for key in pair}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
