"""The list of a programme 拟配对名单: its rows are put in, changed, allowed and taken out here.

Every verb first holds the programme, so that a list that is being checked does not change under
the eyes of who checks it, and of two who name a lead for one mentee the second is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from core.problems import Problem, Refused, Severity
from mentors.models import Mentor
from pairings.states import Role
from programmes.models import ForbiddenPair, NotNow, Origin, PlannedPair, Programme, StaleMove


class Couple(NamedTuple):
    mentor: Mentor
    mentee: Cadre
    role: Role = Role.LEAD


def hold(programme: Programme) -> None:
    """Nobody else changes the list, or moves the programme on, until the transaction ends.

    NotNow where the list is closed: it has been checked, or there is none any more.
    """
    state = (
        Programme.objects.select_for_update(no_key=True)
        .values_list("state", flat=True)
        .get(pk=programme.pk)
    )
    programme.state = state
    if not programme.is_listable:
        raise NotNow(
            _("The list is closed (%(state)s). Reopen it to change it.")
            % {"state": programme.get_state_display()}
        )


def add(
    programme: Programme,
    mentor: Mentor,
    mentee: Cadre,
    *,
    by: User,
    role: Role = Role.LEAD,
    origin: Origin = Origin.WISH,
) -> PlannedPair:
    """One row; the row that is there already where these two are on the list.

    NotNow as `hold` raises it; Refused with the sentences that forbid the row.
    """
    return add_all(programme, [Couple(mentor, mentee, role)], by=by, origin=origin)[0]


@transaction.atomic
def add_all(
    programme: Programme,
    couples: Collection[Couple],
    *,
    by: User,
    origin: Origin = Origin.ASSIGNED,
) -> list[PlannedPair]:
    """Rows for all couples, or Refused and none of them; sent twice they are there once.

    What somebody chose stays when the list is assigned anew (`is_fixed`).
    """
    hold(programme)
    listed = _Listed(programme, {couple.mentee.pk for couple in couples})
    if found := [problem for couple in couples for problem in listed.against(couple)]:
        raise Refused(found)
    rows = []
    for couple in couples:
        row = listed.row(couple) or PlannedPair(
            programme=programme, mentor=couple.mentor, mentee=couple.mentee, role=couple.role,
            origin=origin, is_fixed=True, created_by=by,
        )  # fmt: skip
        rows.append(row)
    PlannedPair.objects.bulk_create([row for row in rows if row._state.adding])
    return rows


@transaction.atomic
def change(row: PlannedPair, *, mentor: Mentor, role: Role, by: User) -> None:
    """Another mentor or another role; Refused as `add`, StaleMove when the row changed meanwhile.

    A waiver was given to the two as they were: another mentor needs another one.
    """
    hold(row.programme)
    couple = Couple(mentor, row.mentee, role)
    listed = _Listed(row.programme, {row.mentee_id}, but=row)
    if found := listed.against(couple):
        raise Refused(found)
    if listed.row(couple):
        raise Refused([_blocker("listed", _("These two are on the list already."))])
    changes = {"role": role, "is_fixed": True}
    if mentor.pk != row.mentor_id:
        changes |= {"mentor": mentor, "origin": Origin.ASSIGNED, "waiver": "", "waived_by": None}
        changes |= {"created_by": by}
    same = PlannedPair.objects.filter(pk=row.pk, mentor=row.mentor_id, role=row.role)
    if not same.update(**changes):
        raise StaleMove("change")


@transaction.atomic
def fix(row: PlannedPair, *, is_fixed: bool) -> None:
    """A fixed row is kept by a new assignment."""
    _update(row, is_fixed=is_fixed)


@transaction.atomic
def waive(row: PlannedPair, *, reason: str, by: User) -> None:
    """Let pass what may be waived in this row, for that reason; an empty one takes it back."""
    _update(row, waiver=reason, waived_by=by if reason else None)


@transaction.atomic
def remove(row: PlannedPair) -> None:
    hold(row.programme)
    if not PlannedPair.objects.filter(pk=row.pk, mentor=row.mentor_id).delete()[0]:
        raise StaleMove("remove")


@transaction.atomic
def forbid(
    programme: Programme,
    mentor: Mentor,
    mentee: Cadre,
    *,
    reason: str,
    by: User,
) -> ForbiddenPair:
    """These two are not to be paired in this programme; a row of theirs leaves the list.

    Sent twice it is there once: the couple itself is the key.
    """
    hold(programme)
    there = programme.forbidden.filter(mentor=mentor, mentee=mentee).first()
    programme.planned.filter(mentor=mentor, mentee=mentee).delete()
    return there or ForbiddenPair.objects.create(
        programme=programme, mentor=mentor, mentee=mentee, reason=reason, created_by=by
    )


@transaction.atomic
def allow(forbidden: ForbiddenPair) -> None:
    """The two may be paired again."""
    hold(forbidden.programme)
    if not ForbiddenPair.objects.filter(pk=forbidden.pk).delete()[0]:
        raise StaleMove("allow")


def _update(row: PlannedPair, **changes: object) -> None:
    hold(row.programme)
    if not PlannedPair.objects.filter(pk=row.pk, mentor=row.mentor_id).update(**changes):
        raise StaleMove("change")


def _blocker(code: str, sentence: str, field: str = "mentee") -> Problem:
    return Problem(code, Severity.BLOCKER, field, sentence)


class _Listed:
    """What the list says of these mentees: who guides them, and who must not."""

    def __init__(
        self, programme: Programme, mentees: Iterable[uuid.UUID], *, but: PlannedPair | None = None
    ) -> None:
        rows = programme.planned.filter(mentee__in=mentees).select_related("mentor__cadre")
        rows = rows.exclude(pk=but.pk) if but else rows
        self._path = programme.unit.path
        self._rows = {(row.mentor_id, row.mentee_id): row for row in rows}
        self._leads = {row.mentee_id: row for row in rows if row.role == Role.LEAD}
        self._forbidden = {
            (row.mentor_id, row.mentee_id): row.reason
            for row in programme.forbidden.filter(mentee__in=mentees)
        }
        self._led: set[uuid.UUID] = set()  # by the couples that were looked at before

    def row(self, couple: Couple) -> PlannedPair | None:
        return self._rows.get((couple.mentor.pk, couple.mentee.pk))

    def against(self, couple: Couple) -> list[Problem]:
        """What keeps the couple off the list; anything else is shown on it as a problem."""
        mentor, mentee = couple.mentor, couple.mentee
        names = {"mentor": mentor.cadre.name, "mentee": mentee.name}
        if mentee.pk == mentor.cadre_id:
            return [_blocker("oneself", _("Nobody can be their own mentor."))]
        if not mentee.unit.path.startswith(self._path):
            sentence = _("%(mentee)s does not belong to the unit of this programme.")
            return [_blocker("outside", sentence % names)]
        if reason := self._forbidden.get((mentor.pk, mentee.pk)):
            sentence = _("%(mentor)s and %(mentee)s are not to be paired here: %(reason)s.")
            return [_blocker("forbidden", sentence % {**names, "reason": reason})]
        if couple.role != Role.LEAD or self.row(couple):
            return []
        if lead := self._leads.get(mentee.pk):
            sentence = _("%(mentee)s has a lead mentor on the list already: %(lead)s.")
            return [_blocker("led", sentence % {**names, "lead": lead.mentor.cadre.name})]
        if mentee.pk in self._led:
            return [_blocker("led", _("%(mentee)s would have two lead mentors.") % names)]
        self._led.add(mentee.pk)
        return []
