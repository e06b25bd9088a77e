"""One mentee with a mentor: a life with states, moved by one method."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models, transaction
from django.db.models import Case, DateField, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from cadres.models import Cadre, Mentee
from core.models import Identified, Keyed
from core.text import person_name, squeeze
from mentors.models import Mentor
from pairings.models import moving
from pairings.models.event import PairingEvent
from pairings.models.limits import LIMITS
from pairings.models.moving import Given
from pairings.models.policy import Policy
from pairings.states import (
    BADGES,
    BEGUN,
    CALLED_OFF,
    MOVES,
    NOT_OF_A_SUBSTITUTE,
    OPEN,
    RUNNING,
    WAITING,
    WAITS_FOR,
    Actor,
    Cause,
    Role,
    State,
)
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class Method(models.TextChoices):
    MUTUAL = "mutual", _("mutual choice")
    ASSIGNED = "assigned", _("assigned by the office")
    BOTH = "both", _("mutual choice and assignment")


class Lifespan(Func):
    """The days of a pair, last day excluded; empty for one that ended before its first day."""

    function = "DATERANGE"

    def __init__(self) -> None:
        ended = Case(
            When(ended_on__isnull=True, then=Value(None)),
            default=Greatest("from_on", "ended_on"),
            output_field=DateField(),
        )
        super().__init__(F("from_on"), ended, Value("[)"), output_field=DateRangeField())


class StaleMove(Exception):
    """The move is not open to this person now: the state has changed, or never allowed it."""


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, user: User) -> Self:
        """Pairs of the user's subtrees (a pair belongs to the mentee's unit), and own pairs."""
        condition = user.rows_q()
        # The person's id as a constant, read once a request: a join inside OR costs the index.
        if own := getattr(user, "cadre", None):
            condition |= Q(mentor_cadre=own.pk) | Q(mentee=own.pk)
        return self.filter(condition)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def counted(self) -> Self:
        """What figures count as pairs: a substitute is a part of the pair it stands in for."""
        return self.exclude(role=Role.SUBSTITUTE)

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def open(self) -> Self:
        """Not yet ended, waiting or running: each takes one of the mentor's places."""
        return self.filter(state__in=OPEN)

    def begun_by(self, day: dt.date) -> Self:
        """Pairs that had begun by that day, whatever became of them since.

        One that was approved ahead and ended before its first day never began.
        """
        never_begun = Q(ended_on__lt=F("from_on"))
        return self.filter(~never_begun, state__in=BEGUN, from_on__lte=day)

    def running_on(self, day: dt.date) -> Self:
        """Pairs in their life on that day: begun, and not yet ended then."""
        return self.begun_by(day).filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def with_state_on(self, day: dt.date) -> Self:
        """Annotates `state_on`: the state at the end of that day, None before the first event.

        Of the events in effect by that day (`on`), the one entered last decides. Entry order
        beats `on`: what was entered later knew of what stood there before, so an approval or a
        termination that takes effect earlier than it was entered overrules the days between,
        and today's answer is always the current state. What was taken back never was.
        """
        past = PairingEvent.objects.standing().filter(pairing=OuterRef("pk"), on__lte=day)
        last = past.order_by("-at", "-pk").values("to_state")[:1]
        return self.annotate(state_on=Subquery(last))

    def with_since(self) -> Self:
        """Annotates `since`: the moment of the last change of state; an extension is none."""
        changes = PairingEvent.objects.standing().filter(pairing=OuterRef("pk")).changing_state()
        return self.annotate(since=Subquery(changes.order_by("-at", "-pk").values("at")[:1]))

    def search(self, text: str) -> Self:
        words = squeeze(text)
        if not words:
            return self
        name = person_name(words)
        condition = Q(mentor_cadre__name__contains=name) | Q(mentee__name__contains=name)
        condition |= Q(unit__name__contains=words)
        if words.isascii():
            key = "".join(words.lower().split())
            for side in ("mentor_cadre", "mentee"):
                condition |= Q(**{f"{side}__pinyin__startswith": key})
                condition |= Q(**{f"{side}__initials__startswith": key})
        return self.filter(condition)

    def for_list(self) -> Self:
        return self.select_related(
            "mentor_cadre__unit", "mentee__unit", "mentor__category", "unit", "township", "county"
        )

    def for_detail(self) -> Self:
        """With `mentee_kind`, the category of the mentee's entry that is open, or was last."""
        entries = Mentee.objects.filter(cadre=OuterRef("mentee")).values("category__name")
        rows = self.for_list().select_related("policy", "mentor_cadre__user", "mentee__user")
        return rows.annotate(mentee_kind=Subquery(entries[:1]))


class Pairing(Identified, Placed, Keyed):
    """One mentee with a mentor, from a day to a day. Placed at the mentee's unit.

    `to_on` is the last day of the term, empty where none is on record (an old pair); `ended_on`
    the day on which the pairing ended.
    """

    mentor = models.ForeignKey(
        Mentor, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="pairings"
    )
    # The mentor as a person, kept here so that the database can refuse a pair with oneself.
    mentor_cadre = models.ForeignKey(
        Cadre, on_delete=models.PROTECT, related_name="pairings_as_mentor", editable=False
    )
    mentee = models.ForeignKey(
        Cadre,
        verbose_name=_("mentee"),
        on_delete=models.PROTECT,
        related_name="pairings_as_mentee",
    )
    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, null=True, blank=True
    )
    role = models.CharField(_("role of the mentor"), max_length=12, choices=Role, default=Role.LEAD)
    # After a change of mentor: the pair whose history this one goes on with.
    succeeds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="successors"
    )
    # Of a substitute: the pair whose mentor is away.
    stands_in_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="substitutes"
    )
    method = models.CharField(
        _("formed by"), max_length=10, choices=Method, default=Method.ASSIGNED
    )
    from_on = models.DateField(_("begins"))
    # Empty where no term was agreed: the relation may go on for life.
    to_on = models.DateField(_("term ends"), null=True, blank=True)
    # Said at its registration by the policy, or by the programme that was approved as a whole;
    # whose confirmation it needs, its first state says.
    needs_approval = models.BooleanField(default=True, editable=False)
    # The day of the 拜师仪式, where one was held.
    ceremony_on = models.DateField(_("ceremony held on"), null=True, blank=True)
    # While suspended: the day on which it is meant to go on.
    resumes_on = models.DateField(_("to be resumed on"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.PROPOSED, editable=False
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    end_reason = models.CharField(
        _("reason for ending"), max_length=300, blank=True, editable=False
    )
    # Of a termination, as a word that figures count; empty where none was asked for, as of old.
    end_cause = models.CharField(
        _("cause of the end"), max_length=20, choices=Cause, blank=True, default="",
        db_default="", editable=False,
    )  # fmt: skip

    tally = _("%(n)d pairs")

    objects = PairingQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        constraints = [
            *Keyed.Meta.constraints,
            *LIMITS,
            ExclusionConstraint(
                name="pairing_one_lead_at_a_time",
                expressions=[
                    ("mentee", RangeOperators.EQUAL),
                    (Lifespan(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=Role.LEAD) & ~Q(state__in=CALLED_OFF),
                violation_error_message=_("There is another lead mentor at the time."),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "state", "-id"], name="pairing_county_state"),
            models.Index(fields=["township", "state", "-id"], name="pairing_township_state"),
            models.Index(fields=["city", "state", "-id"], name="pairing_city_state"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_cadre.name} → {self.mentee.name}"

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(ended_on=None) | Q(ended_on__gte=day)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.mentor_cadre_id = self.mentor.cadre_id
            self.unit = self.mentee.unit
        super().save(*args, **kwargs)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def waits_for(self) -> list[str]:
        """Whom the pair waits for, in words; empty when for nobody."""
        return [str(actor.label) for actor in WAITS_FOR.get(self.state, ())]

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def lasts_beyond(self, day: dt.date) -> bool:
        """Whether its days (`Lifespan`) overlap those of a pair that begins on that day."""
        return self.ended_on is None or self.ended_on > max(day, self.from_on)

    @property
    def why_ended(self) -> str:
        """The cause and the reason in words; empty for a pair of which neither is on record."""
        return "，".join(filter(None, [self.get_end_cause_display(), self.end_reason]))

    @property
    def allows_records(self) -> bool:
        """Whether sessions, visits and assignments may be entered now."""
        return self.state == State.ACTIVE

    def side_of(self, user: User) -> Actor | None:
        """Mentor or mentee, when the user is one of the two; the register's rows are needed."""
        if self.mentor_cadre.user_id == user.pk:
            return Actor.MENTOR
        if self.mentee.user_id == user.pk:
            return Actor.MENTEE
        return None

    def actors(self, user: User) -> set[Actor]:
        """In what capacities this user may act on this pairing."""
        found = {side} if (side := self.side_of(user)) else set()
        if user.governs(self.unit):
            found.add(Actor.OFFICE)
        return found

    def moves_for(self, user: User) -> list[str]:
        """The verbs that are open to this user now; draws the buttons and guards the POST.

        Nobody approves, ends or extends a pair of their own, even as a coordinator.
        """
        return [
            verb
            for verb, move in MOVES.items()
            if self.state in move.path and self.may_ever(verb, user)
        ]

    def may_ever(self, verb: str, user: User) -> bool:
        """Whether the verb is this user's to press on this pair, in whatever state."""
        if self.role == Role.SUBSTITUTE and verb in NOT_OF_A_SUBSTITUTE:
            return False
        actors = self.actors(user) - ({Actor.OFFICE} if self.side_of(user) else set())
        return bool(actors & {*MOVES[verb].by})

    def move(
        self,
        verb: str,
        *,
        by: User,
        reason: str = "",
        cause: str = "",
        document: str = "",
        on: dt.date | None = None,
        to_on: dt.date | None = None,
        resumes_on: dt.date | None = None,
        ceremony_on: dt.date | None = None,
    ) -> PairingEvent:
        """Carry out a verb of MOVES, write its event, or raise with nothing changed.

        `on` is the day on which it took effect (`moving.day_of`), the others as in `moving.Given`.
        Compare-and-swap: of two who press at once, one gets StaleMove. ValueError for a day that
        cannot be and for what is missing; a form says so before.
        """
        if verb not in self.moves_for(by):
            raise StaleMove(verb)
        given = Given(
            reason=reason, cause=cause, document=document, on=on, to_on=to_on,
            resumes_on=resumes_on, ceremony_on=ceremony_on,
        )  # fmt: skip
        return self._carry_out(verb, by, given)

    def lapse(self, on: dt.date) -> PairingEvent:
        """End a substitute by the clock, from its first day without; StaleMove for any other.

        `on` is not after today; one that never began ends on no day before it should have.
        """
        if self.role != Role.SUBSTITUTE or not self.is_open:
            raise StaleMove("lapse")
        on = max(on, moving.earliest(self, "lapse"))
        return self._carry_out("lapse", None, Given(on=on))

    @transaction.atomic
    def _carry_out(self, verb: str, by: User | None, given: Given) -> PairingEvent:
        day = moving.day_of(self, verb, given.on)
        given.check(self, verb, day)
        changes = moving.changes(self, verb, day, given)
        old = {name: getattr(self, name) for name in ("state", "to_on", "ceremony_on")}
        if not Pairing.objects.filter(pk=self.pk, **old).update(**changes):
            raise StaleMove(verb)
        event = PairingEvent.objects.create(
            pairing=self,
            actor=by,
            is_on_behalf=by is not None and self._is_on_behalf(verb, by),
            verb=verb,
            from_state=old["state"],
            to_state=changes["state"],
            reason=given.reason,
            cause=given.cause,
            document=given.document,
            on=day,
            old_to_on=self.to_on if given.to_on else None,
            new_to_on=given.to_on,
            old_ceremony_on=self.ceremony_on if given.ceremony_on else None,
            new_ceremony_on=given.ceremony_on,
            resumes_on=given.resumes_on,
        )
        for name, value in changes.items():
            setattr(self, name, value)
        return event

    def _is_on_behalf(self, verb: str, by: User) -> bool:
        """An office that confirms for a mentor or a mentee does so on their behalf, and says so."""
        return verb in {"confirm_mentor", "confirm_mentee"} and self.side_of(by) is None
