"""The list of a programme is checked, approved, and published: then its rows become pairs."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre
from core.months import end_of_term
from core.problems import waived
from mentors.models import Mentor
from pairings.models import Method, Pairing, PairingEvent, Policy
from pairings.states import Actor, State, first_state
from programmes import checking
from programmes.checking import Line
from programmes.models import NotNow, Origin, Programme, ProgrammeEvent, StaleMove
from programmes.wishing import mutual

_BATCH = 1_000
SHOWN = 50  # rows of a refusal; the list shows the others


class NotReady(NotNow):
    """Rows of the list are not settled: nothing was done; `lines` says which, and why."""

    def __init__(self, sentence: str, lines: list[Line]) -> None:
        super().__init__(sentence)
        self.lines = lines

    @property
    def rows(self) -> list[Line]:
        """The first of them, for a page."""
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.lines) - SHOWN)


def move(
    programme: Programme, verb: str, *, by: User, reason: str = "", document: str = ""
) -> ProgrammeEvent:
    """Carry out a verb of MOVES with what it asks of the list.

    StaleMove as `Programme.move`; NotReady when rows forbid it; NotNow when the list is empty.
    """
    said = {"reason": reason, "document": document}
    if verb == "check":
        return _check(programme, by=by, **said)
    if verb == "publish":
        return _publish(programme, by=by, **said)
    return programme.move(verb, by=by, **said)


@transaction.atomic
def _check(programme: Programme, *, by: User, reason: str, document: str) -> ProgrammeEvent:
    """From here on the list stands, and with it the version of the policy that it stands on."""
    state = Programme.objects.select_for_update(no_key=True).values_list("state", flat=True)
    if state.get(pk=programme.pk) != programme.state:
        raise StaleMove("check")
    _must_be_settled(programme, by)
    policy = Policy.in_force(programme.unit, programme.from_on)
    programme.policy = None if policy.is_preset else policy
    Programme.objects.filter(pk=programme.pk).update(policy=programme.policy)
    return programme.move("check", by=by, reason=reason, document=document)


def _must_be_settled(programme: Programme, by: User) -> list[Line]:
    checked = checking.check(programme, by=by)
    if not checked.lines:
        raise NotNow(_("The list is empty: put pairs on it first."))
    if lines := checked.open:
        sentence = _("%(n)d rows of the list are not settled; nothing was done.")
        raise NotReady(sentence % {"n": len(lines)}, lines)
    return checked.lines


def _publish(programme: Programme, *, by: User, reason: str, document: str) -> ProgrammeEvent:
    before = programme.state
    try:
        with transaction.atomic():
            # First of all: of two who press, the second waits here, and finds it done.
            event = programme.move("publish", by=by, reason=reason, document=document)
            _hold_people(programme)
            _Registering(programme, by, event).register(_must_be_settled(programme, by))
    except (IntegrityError, NotNow) as error:
        programme.state = before
        if isinstance(error, NotNow):
            raise
        # Paired elsewhere between the check and the saving: now it can be found and said.
        _must_be_settled(programme, by)
        raise NotNow(_("Somebody changed a pair at the same moment. Try again.")) from error
    return event


def _hold_people(programme: Programme) -> None:
    """Mentors before mentees, each by key, as whoever makes pairs does: no two wait in a circle."""
    rows = programme.planned.order_by()
    mentors = Mentor.objects.filter(pk__in=rows.values("mentor")).order_by("pk")
    mentees = Cadre.objects.filter(pk__in=rows.values("mentee")).order_by("pk")
    list(mentors.select_for_update().values_list("pk"))
    list(mentees.select_for_update(no_key=True).values_list("pk"))


class _Made(NamedTuple):
    pairing: Pairing
    event: PairingEvent


class _Registering:
    """The same rows that `registering.register` writes, for a whole list at once."""

    def __init__(self, programme: Programme, by: User, event: ProgrammeEvent) -> None:
        self._programme, self._by = programme, by
        self._today = timezone.localdate()
        self._policy = programme.policy or Policy()
        approval = programme.events.filter(verb="approve").last()
        self._document = event.document or (approval.document if approval else "")
        self._mutual = mutual(programme)
        self._to_on = programme.to_on or end_of_term(programme.from_on, self._policy.term_months)

    def register(self, lines: list[Line]) -> None:
        made = [self._pair(line) for line in lines]
        Pairing.objects.bulk_create([two.pairing for two in made], batch_size=_BATCH)
        PairingEvent.objects.bulk_create([two.event for two in made], batch_size=_BATCH)
        _say_which([line.planned.pk for line in lines], [two.pairing.pk for two in made])

    def _pair(self, line: Line) -> _Made:
        planned, programme = line.planned, self._programme
        is_mutual = (planned.mentor_id, planned.mentee_id) in self._mutual
        wished = (Actor.MENTOR, Actor.MENTEE) if is_mutual else ()
        # The list was approved as a whole.
        state, needs_approval = first_state(self._policy, needs_approval=False, confirmed=wished)
        pairing = Pairing(
            mentor=planned.mentor, mentor_cadre_id=planned.mentor.cadre_id, mentee=planned.mentee,
            policy=programme.policy, role=planned.role, method=_method(planned.origin, is_mutual),
            from_on=programme.from_on, to_on=self._to_on, state=state,
            needs_approval=needs_approval, created_by=self._by,
        )  # fmt: skip
        pairing.put_in(planned.mentee.unit)
        passed = waived(line.problems)
        event = PairingEvent(
            pairing=pairing, actor=self._by, verb="register", to_state=state, on=self._day(state),
            reason=self._reason(line, is_mutual)[:300], document=self._document,
            waived=passed, waiver=planned.waiver if passed else "",
        )  # fmt: skip
        return _Made(pairing, event)

    def _day(self, state: str) -> dt.date:
        """A pair that is active at once counts from its first day, as an approved one does."""
        return min(self._today, self._programme.from_on) if state == State.ACTIVE else self._today

    def _reason(self, line: Line, is_mutual: bool) -> str:
        said = [_("Published with the programme “%(title)s”.") % {"title": self._programme.title}]
        if is_mutual:
            said.append(_("Each had wished for the other, which counts as their confirmation."))
        if line.waivable and line.planned.waived_by:
            said.append(_("Allowed by %(name)s.") % {"name": line.planned.waived_by})
        return "".join(said)


def _method(origin: str, is_mutual: bool) -> Method:
    if not is_mutual:
        return Method.ASSIGNED
    return Method.MUTUAL if origin == Origin.WISH else Method.BOTH


def _say_which(planned: list[UUID], pairs: list[UUID]) -> None:
    """Which pair each row of the list became."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_plannedpair AS planned SET pairing_id = made.pairing"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS made(planned, pairing)"
            " WHERE planned.id = made.planned",
            [list(map(str, planned)), list(map(str, pairs))],
        )
