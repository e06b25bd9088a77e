"""Whom the rows of a pair roster mean, and what they would do: nothing is written here.

A side is known by its ID number; else by name and unit, and by the birth month where the row
gives one. Where that leaves several people, or one of this name in another unit, the user is
asked. Who stands outside of the user's charge is not told apart from nobody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.cells import Wrong
from cadres.models import Cadre
from cadres.places import Places
from core.months import dotted, end_of_term
from mentors.models import Mentor
from pairings.importing.rows import SIDES
from pairings.models import Pairing
from pairings.states import BEGUN, OPEN
from pairings.states import Role as MentorRole
from rosters.kinds import Fault, Judge, Staged, Values, Verdict
from rosters.states import Outcome
from units.models import Unit

MOST_ASKED = 6  # couples that a doubt is shown with
Key = tuple[uuid.UUID, uuid.UUID]  # mentor and mentee as people
Known = dict[uuid.UUID, list[Pairing]]  # the pairs of each mentee


@dataclass
class PairVerdict(Verdict):
    """With the two people, where they are known."""

    mentor: Mentor | None = None
    mentee: Cadre | None = None


class Couple(NamedTuple):
    mentor: Mentor
    mentee: Cadre

    @property
    def key(self) -> Key:
        return self.mentor.cadre_id, self.mentee.pk

    @property
    def id(self) -> uuid.UUID:
        """The same for the same two people, whenever they are asked about."""
        return uuid.uuid5(self.mentor.cadre_id, str(self.mentee.pk))


class Unsaid(Exception):
    """This side cannot be taken; carries the field beside which that is said."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Meant(NamedTuple):
    """Who may be meant on one side; not sure where the user has to say it."""

    people: list[Any]  # Mentor on the one side, Cadre on the other
    is_sure: bool


class Couples(NamedTuple):
    found: list[Couple]
    doubt: str  # the side that the user is asked about; empty where there is nothing to ask


class PairJudge(Judge):
    def __init__(self, by: User) -> None:
        self._user = by
        self._places = Places(by)
        self._today = timezone.localdate()
        self._seen: dict[Key, Staged] = {}
        self._leads: dict[uuid.UUID, Staged] = {}  # by mentee, the row with a new lead mentor

    def judge(self, rows: Sequence[Staged]) -> list[Verdict]:
        people = _People([row.values for row in rows], self._user, self._today)
        meant = [self._meant(row, people) for row in rows]
        known = _registered(c for each in meant if isinstance(each, Couples) for c in each.found)
        return [
            self._verdict(row, each, known) if isinstance(each, Couples) else each
            for row, each in zip(rows, meant, strict=True)
        ]

    def _meant(self, row: Staged, people: _People) -> Verdict | Couples:
        """The couples that the row may mean; or what is wrong with it."""
        if row.answer == "skip":
            return PairVerdict(Outcome.SKIPPED)
        faults = list(row.faults)
        found: dict[str, Meant] = {}
        for side in SIDES:
            try:
                unit = self._unit(row.values, side)
                if unit and f"{side}_name" in row.values:
                    found[side] = people.side(row.values, side, unit)
            except Unsaid as unsaid:
                faults.append(Fault(column=unsaid.field, message=str(unsaid)))
        if faults:
            return PairVerdict(Outcome.WRONG, faults=faults)
        couples = [Couple(*two) for two in product(found["mentor"].people, found["mentee"].people)]
        unsure = (side for side in SIDES if len(found[side].people) > 1 or not found[side].is_sure)
        return Couples(couples[:MOST_ASKED], next(unsure, ""))

    def _unit(self, values: Values, side: str) -> Unit | None:
        if f"{side}_unit" not in values:
            return None
        try:
            return self._places.find(values[f"{side}_unit"])
        except Wrong as wrong:
            raise Unsaid(f"{side}_unit", str(wrong)) from wrong

    def _verdict(self, row: Staged, couples: Couples, known: Known) -> Verdict:
        candidates = [_shown(c, row.values) for c in couples.found] if couples.doubt else []
        chosen = [c for c in couples.found if not couples.doubt or str(c.id) == row.answer]
        if not chosen:
            return PairVerdict(Outcome.DOUBT, [_asking(couples)], candidates=candidates)
        couple = chosen[0]
        if message := self._against(couple, row):
            faults = [Fault(column="mentee_name", message=message)]
            return PairVerdict(Outcome.WRONG, faults=faults, candidates=candidates)
        theirs = known[couple.mentee.pk]
        same = _same([pair for pair in theirs if _is_of(pair, couple)], row.values)
        if not same and (message := self._other_lead(couple, row, theirs)):
            faults = [Fault(column="role", message=message)]
            return PairVerdict(Outcome.WRONG, faults=faults, candidates=candidates)
        return PairVerdict(
            Outcome.SAME if same else Outcome.NEW,
            _notes(same, row.values) if same else [],
            match=couple.id,
            candidates=candidates,
            mentor=couple.mentor,
            mentee=couple.mentee,
        )

    def _against(self, couple: Couple, row: Staged) -> str:
        """Why these two cannot be taken over as a pair, in a sentence."""
        if couple.mentor.cadre_id == couple.mentee.pk:
            return _("Nobody can be their own mentor.")
        if self._user.pk in {couple.mentor.cadre.user_id, couple.mentee.user_id}:
            return _("Nobody approves a pair of their own.")
        earlier = self._seen.setdefault(couple.key, row)
        if (earlier.sheet, earlier.number) != (row.sheet, row.number):
            return _("Row %(row)s is the same pair.") % {"row": earlier.number}
        return ""

    def _other_lead(self, couple: Couple, row: Staged, theirs: list[Pairing]) -> str:
        """Whom the register or this file has as lead mentor for the same days, in a sentence."""
        if row.values.get("role", MentorRole.LEAD) != MentorRole.LEAD:
            return ""
        begins = dt.date.fromisoformat(row.values["from_on"])
        for pairing in theirs:
            if pairing.role == MentorRole.LEAD and pairing.lasts_beyond(begins):
                seen = self._user.governs(pairing.unit)
                name = pairing.mentor_cadre.name if seen else _("registered by another office")
                values = {"name": name, "day": pairing.from_on.isoformat()}
                message = _("There is another lead mentor then: %(name)s (since %(day)s).")
                return message % values
        earlier = self._leads.setdefault(couple.mentee.pk, row)
        if (earlier.sheet, earlier.number) != (row.sheet, row.number):
            message = _("Row %(row)s has another lead mentor for the same person.")
            return message % {"row": earlier.number}
        return ""


class _People:
    """Everybody in the user's charge whom these rows may name, read at once."""

    def __init__(self, rows: Iterable[Values], user: User, today: dt.date) -> None:
        given = [(values, side) for values in rows for side in SIDES]
        names = {values.get(f"{side}_name") for values, side in given} - {None}
        digests = {values.get(f"{side}_digest") for values, side in given} - {None}
        inside: Q = user.rows_q(roles=(Role.COORDINATOR,))
        found = Cadre.objects.filter(inside, merged_into=None).select_related("unit")
        self._by_digest = {c.id_digest: c for c in found.filter(id_digest__in=digests)}
        self._by_name: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in found.filter(name__in=names).order_by("birth_month", "pk"):
            self._by_name[cadre.name].append(cadre)
        known = {c.pk: c for alike in self._by_name.values() for c in alike}
        known |= {cadre.pk: cadre for cadre in self._by_digest.values()}
        in_office = Mentor.objects.in_office(today).filter(cadre__in=known)
        self._mentors: dict[uuid.UUID, Mentor] = {}
        for mentor in in_office.select_related("unit").order_by("from_on", "pk"):
            mentor.cadre = known[mentor.cadre_id]
            self._mentors[mentor.cadre_id] = mentor

    def side(self, values: Values, side: str, unit: Unit) -> Meant:
        """Those who may be meant: mentors in office on the one side, people on the other."""
        cadre = self._by_digest.get(values.get(f"{side}_digest"))
        if cadre and cadre.name != values[f"{side}_name"]:
            raise Unsaid(
                f"{side}_name",
                _("With this ID number the register has %(name)s. Correct one of the two.")
                % {"name": cadre.name},
            )
        meant = Meant([cadre], True) if cadre else self._alike(values, side, unit)
        present = [person for person in meant.people if person.left_on is None]
        if not present:
            raise Unsaid(f"{side}_name", _("This person has left the register."))
        if side == "mentee":
            return Meant(present, meant.is_sure)
        mentors = [self._mentors[person.pk] for person in present if person.pk in self._mentors]
        if not mentors:
            raise Unsaid("mentor_name", _("This person is not in the register of mentors."))
        return Meant(mentors, meant.is_sure)

    def _alike(self, values: Values, side: str, unit: Unit) -> Meant:
        """People of this name who may be the one: those of the unit, else those elsewhere."""
        alike = [c for c in self._by_name[values[f"{side}_name"]] if _may_be(c, values, side)]
        if not alike:
            raise Unsaid(
                f"{side}_name",
                _("%(name)s is not registered in %(unit)s. Import the person first.")
                % {"name": values[f"{side}_name"], "unit": unit.name},
            )
        here = [cadre for cadre in alike if self._is_at(cadre, unit)]
        if any(cadre.left_on is None for cadre in here):
            return Meant(here, True)
        return Meant(alike, False)

    def _is_at(self, cadre: Cadre, unit: Unit) -> bool:
        """The person's unit, or the one that appointed the person as mentor."""
        mentor = self._mentors.get(cadre.pk)
        return unit.pk in {cadre.unit_id, mentor.unit_id if mentor else None}


def _asking(couples: Couples) -> Fault:
    """The doubt as a sentence, for the workbook that goes back."""
    side = couples.doubt
    people = [c.mentor.cadre if side == "mentor" else c.mentee for c in couples.found]
    told = "、".join(dict.fromkeys(f"{who.name}（{who.told_apart}）" for who in people))
    message = _("Not sure who is meant: %(people)s. Choose on the page, or write the ID number.")
    return Fault(column=f"{side}_name", message=message % {"people": told})


def _may_be(cadre: Cadre, values: Values, side: str) -> bool:
    """Nobody whose ID number is another or whose birth month is another."""
    digest, born = values.get(f"{side}_digest"), values.get(f"{side}_birth")
    if digest and cadre.id_digest and cadre.id_digest != digest:
        return False
    return not born or cadre.birth_month in {"", born}


def _registered(couples: Iterable[Couple]) -> Known:
    """Pairs of these people that are open or have begun; none that was called off before."""
    mentees = {couple.mentee.pk for couple in couples}
    rows = Pairing.objects.filter(
        Q(state__in=OPEN) | Q(state__in=BEGUN), mentee__in=mentees
    ).select_related("mentor_cadre", "unit")
    known: Known = defaultdict(list)
    for pairing in rows:
        known[pairing.mentee_id].append(pairing)
    return known


def _is_of(pairing: Pairing, couple: Couple) -> bool:
    return pairing.mentor_cadre_id == couple.mentor.cadre_id


def _same(pairs: list[Pairing], values: Values) -> Pairing | None:
    """The pair that the row means, where it is registered: open, or begun on the same day."""
    begins = dt.date.fromisoformat(values["from_on"])
    there = [pairing for pairing in pairs if pairing.is_open or pairing.from_on == begins]
    return there[0] if there else None


def _notes(pairing: Pairing, values: Values) -> list[Fault]:
    """Where the register says otherwise: a roster takes pairs over and moves none."""
    notes = []
    if pairing.from_on.isoformat() != values["from_on"]:
        message = _("Registered already, from %(day)s; the roster does not change that.")
        told = message % {"day": pairing.from_on.isoformat()}
        notes.append(Fault(column="from_on", message=told))
    months = values.get("months")
    ends = end_of_term(pairing.from_on, months) if months else None
    if pairing.is_open and months is not None and ends != pairing.to_on:
        message = _("The register has the term end on %(day)s; a change of it is an extension.")
        told = message % {"day": pairing.to_on.isoformat() if pairing.to_on else "—"}
        notes.append(Fault(column="months", message=told))
    role = values.get("role", pairing.role)
    if role != pairing.role:
        message = _("The register has this mentor as %(role)s; the roster does not change that.")
        notes.append(Fault(column="role", message=message % {"role": pairing.get_role_display()}))
    return notes


def _shown(couple: Couple, values: Values) -> dict[str, Any]:
    """The two people beside what the row says of them."""
    people = {"mentor": couple.mentor.cadre, "mentee": couple.mentee}
    facts = []
    for side, label in SIDES.items():
        cadre, born = people[side], dotted(values.get(f"{side}_birth"))
        said = [values[f"{side}_name"], values[f"{side}_unit"], born]
        facts.append([label, " · ".join(filter(None, said)), f"{cadre.name} · {cadre.told_apart}"])
    name = " → ".join(cadre.name for cadre in people.values())
    apart = " → ".join(cadre.told_apart for cadre in people.values())
    return {"id": str(couple.id), "name": name, "apart": apart, "facts": facts}
