"""The pair roster: pairs that an office has already, all of them or none.

They become active at once; docs/decisions/import-pairings-are-approved.md says why.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.cells import Wrong
from cadres.models import Cadre
from cadres.places import Places
from core.months import dotted, end_of_term
from mentors.models import Mentor
from mentors.reports import Entry, Fault, Importer, Line, Report
from mentors.roster_matching import Doubt
from pairings.models import Method, Pairing, PairingEvent, Policy
from pairings.pair_roster_rows import COLUMNS, SIDES, parse
from pairings.states import BEGUN, MOVES, OPEN, State
from units.models import Unit

_BATCH = 1_000
# What the importing office does for each pair, in this order.
_VERBS = ("confirm_mentor", "confirm_mentee", "approve")
Couple = tuple[uuid.UUID, uuid.UUID]  # mentor's and mentee's rows in the register


class Sides:
    """The people whom these rows may name, among those in the user's charge."""

    def __init__(self, entries: Sequence[Entry], user: User) -> None:
        self.places = Places(user)
        inside: Q = user.rows_q(roles=(Role.COORDINATOR,))
        rows = Cadre.objects.filter(inside).select_related("unit")
        names = {entry[f"{side}_name"] for entry in entries for side in SIDES}
        digests = {entry.get(f"{side}_digest") for entry in entries for side in SIDES} - {None}
        self._by_digest = {c.id_digest: c for c in rows.filter(id_digest__in=digests)}
        self._by_name: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in rows.filter(name__in=names).order_by("birth_month", "pk"):
            self._by_name[cadre.name].append(cadre)
        known = {c.pk for alike in self._by_name.values() for c in alike}
        known |= {cadre.pk for cadre in self._by_digest.values()}
        in_office = Mentor.objects.in_office(timezone.localdate()).filter(cadre__in=known)
        self._mentors = {mentor.cadre_id: mentor for mentor in in_office.select_related("unit")}

    def cadre(self, entry: Entry, side: str) -> Cadre:
        """The one person of that side, still on the register."""
        column = f"{SIDES[side]}姓名"
        try:
            unit = self.places.find(entry[f"{side}_unit"])
        except Wrong as wrong:
            raise Doubt(f"{SIDES[side]}单位", str(wrong)) from wrong
        found = self._by_number(entry, side, unit) or self._by_name_and_unit(entry, side, unit)
        if found.left_on is not None:
            raise Doubt(column, _("This person has left the register."))
        return found

    def mentor(self, entry: Entry) -> Mentor:
        cadre = self.cadre(entry, "mentor")
        mentor = self._mentors.get(cadre.pk)
        if mentor is None:
            raise Doubt("导师姓名", _("This person is not in the register of mentors."))
        mentor.cadre = cadre
        return mentor

    def _by_number(self, entry: Entry, side: str, unit: Unit) -> Cadre | None:
        cadre = self._by_digest.get(entry.get(f"{side}_digest"))
        if cadre is None:
            return None
        if cadre.name != entry[f"{side}_name"]:
            raise Doubt(
                f"{SIDES[side]}姓名",
                _("With this ID number the register has %(name)s. Correct one of the two.")
                % {"name": cadre.name},
            )
        if not self._is_at(cadre, unit):
            raise Doubt(
                f"{SIDES[side]}单位",
                _("The register has this person in %(unit)s.") % {"unit": cadre.unit.name},
            )
        return cadre

    def _by_name_and_unit(self, entry: Entry, side: str, unit: Unit) -> Cadre:
        alike = [
            cadre
            for cadre in self._by_name.get(entry[f"{side}_name"], [])
            if self._is_at(cadre, unit) and _may_be(cadre, entry, side)
        ]
        present = [cadre for cadre in alike if cadre.left_on is None]
        alike = present or alike
        if not alike:
            raise Doubt(
                f"{SIDES[side]}姓名",
                _("%(name)s is not registered in %(unit)s. Import the person first.")
                % {"name": entry[f"{side}_name"], "unit": unit.name},
            )
        if len(alike) > 1:
            raise Doubt(
                f"{SIDES[side]}身份证号",
                _(
                    "%(count)s people in the unit have this name (born %(months)s). "
                    "Write the ID number."
                )
                % {
                    "count": len(alike),
                    "months": "、".join(dotted(cadre.birth_month) or "—" for cadre in alike),
                },
            )
        return alike[0]

    def _is_at(self, cadre: Cadre, unit: Unit) -> bool:
        """The person's unit, or the one that appointed the person as mentor."""
        mentor = self._mentors.get(cadre.pk)
        return unit.pk in {cadre.unit_id, mentor.unit_id if mentor else None}


def _may_be(cadre: Cadre, entry: Entry, side: str) -> bool:
    """A row with an ID number means nobody whose number is another or whose month is another."""
    if f"{side}_digest" not in entry:
        return True
    return not cadre.id_digest and cadre.birth_month in {"", entry[f"{side}_birth"]}


class Couples:
    """The pairs that the rows mean: new ones, and those that are registered already."""

    def __init__(self, entries: Sequence[Entry], user: User) -> None:
        self.user = user
        self.faults: list[Fault] = []
        self._sides = Sides(entries, user)
        self._policies: dict[tuple[int, dt.date], Policy] = {}
        found: list[tuple[Entry, Mentor, Cadre]] = []
        rows: dict[Couple, int] = {}
        for entry in entries:
            try:
                mentor, mentee = self._sides.mentor(entry), self._sides.cadre(entry, "mentee")
                self._check(mentor, mentee)
                earlier = rows.setdefault((mentor.cadre_id, mentee.pk), entry["row"])
                if earlier != entry["row"]:
                    raise Doubt(
                        "帮带对象姓名", _("Row %(row)s is the same pair.") % {"row": earlier}
                    )
            except Doubt as doubt:
                self.faults.append(Fault(row=entry["row"], column=doubt.column, message=str(doubt)))
            else:
                found.append((entry, mentor, mentee))
        registered = self._registered(found)
        self.new = [
            (entry, self._pairing(entry, mentor, mentee))
            for entry, mentor, mentee in found
            if not registered[mentor.cadre_id, mentee.pk]
            & {None, dt.date.fromisoformat(entry["from_on"])}
        ]

    def _check(self, mentor: Mentor, mentee: Cadre) -> None:
        if mentor.cadre_id == mentee.pk:
            raise Doubt("帮带对象姓名", _("Nobody can be their own mentor."))
        if self.user.pk in {mentor.cadre.user_id, mentee.user_id}:
            raise Doubt("帮带对象姓名", _("Nobody approves a pair of their own."))

    def _registered(
        self, found: list[tuple[Entry, Mentor, Cadre]]
    ) -> dict[Couple, set[dt.date | None]]:
        """By couple: None for an open pair, the first day of each that has begun."""
        rows = Pairing.objects.filter(
            Q(state__in=OPEN) | Q(state__in=BEGUN),
            mentee__in={mentee.pk for _e, _m, mentee in found},
        )
        known: dict[Couple, set[dt.date | None]] = defaultdict(set)
        for mentor_pk, mentee_pk, state, from_on in rows.values_list(
            "mentor_cadre", "mentee", "state", "from_on"
        ):
            known[mentor_pk, mentee_pk].add(None if state in OPEN else from_on)
        return known

    def _pairing(self, entry: Entry, mentor: Mentor, mentee: Cadre) -> Pairing:
        begins = dt.date.fromisoformat(entry["from_on"])
        policy = self._policy(mentee.unit, begins)
        months = entry.get("months", policy.term_months)
        pairing = Pairing(
            mentor=mentor,
            mentor_cadre_id=mentor.cadre_id,
            mentee=mentee,
            policy=None if policy.is_preset else policy,
            method=entry.get("method", Method.ASSIGNED),
            from_on=begins,
            to_on=end_of_term(begins, months) if months else None,
            state=State.ACTIVE,
            created_by=self.user,
        )
        pairing.put_in(mentee.unit)
        return pairing

    def _policy(self, unit: Unit, on: dt.date) -> Policy:
        if (unit.pk, on) not in self._policies:
            self._policies[unit.pk, on] = Policy.in_force(unit, on)
        return self._policies[unit.pk, on]


def apply(entries: Sequence[Entry], by: User, is_dry: bool) -> Report:
    """Save all rows, or say what is wrong and save none; see mentors.reports.Report."""
    try:
        with transaction.atomic():
            couples = Couples(entries, by)
            if couples.faults:
                return Report.of_faults(len(entries), couples.faults, COLUMNS)
            if not is_dry:
                _save([pairing for _entry, pairing in couples.new], by)
    except IntegrityError:
        # Somebody registered one of these pairs in the same moment.
        message = _("The register changed while the file was read. Try again.")
        return Report.of_faults(len(entries), [Fault(row=None, column="", message=message)])
    return Report(
        rows=len(entries),
        created=len(couples.new),
        unchanged=len(entries) - len(couples.new),
        lines=[_line(entry, pairing) for entry, pairing in couples.new],
    )


def _save(pairings: list[Pairing], by: User) -> None:
    Pairing.objects.bulk_create(pairings, batch_size=_BATCH)
    events = [event for pairing in pairings for event in _events(pairing, by)]
    PairingEvent.objects.bulk_create(events, batch_size=_BATCH)


def _events(pairing: Pairing, by: User) -> list[PairingEvent]:
    """The same rows that `register` and `move` would write, with the first day as theirs."""
    state, reason = State.PROPOSED, _("Taken over from the office's list")
    events = [
        PairingEvent(
            pairing=pairing, actor=by, verb="register", to_state=state, on=pairing.from_on,
            reason=reason,
        )
    ]  # fmt: skip
    for verb in _VERBS:
        old, state = state, MOVES[verb].path[state]
        events.append(
            PairingEvent(
                pairing=pairing, actor=by, is_on_behalf=verb != "approve", verb=verb,
                from_state=old, to_state=state, on=pairing.from_on, reason=reason,
            )
        )  # fmt: skip
    return events


def _line(entry: Entry, pairing: Pairing) -> Line:
    ends = pairing.to_on.isoformat() if pairing.to_on else _("no term")
    return Line(
        row=entry["row"],
        name=f"{pairing.mentor.cadre.name} → {pairing.mentee.name}",
        note=pairing.mentee.unit.name,
        what="created",
        details=f"{pairing.from_on.isoformat()} – {ends}",
    )


def look_up(entries: Sequence[Entry], by: User) -> list[Fault]:
    """Units of rows that have other faults: all is told at once."""
    places = Places(by)
    faults = []
    written = [(entry, side) for entry in entries for side in SIDES if f"{side}_unit" in entry]
    for entry, side in written:
        try:
            places.find(entry[f"{side}_unit"])
        except Wrong as wrong:
            fault = Fault(row=entry["row"], column=f"{SIDES[side]}单位", message=str(wrong))
            faults.append(fault)
    return faults


PAIR_ROSTER = Importer("pairings", COLUMNS, parse, apply, look_up)
