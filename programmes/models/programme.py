"""A round of pairing of a unit: a life with states, moved by one method."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified, Keyed
from pairings.models import Policy
from programmes.models.event import ProgrammeEvent
from programmes.states import BADGES, LISTABLE, MOVES, OPEN, SETTABLE, State
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class StaleMove(Exception):
    """The move is not open to this person now: the state has changed, or never allowed it."""


class NotNow(Exception):
    """The programme does not allow it now; `sentence` says why, and when it will."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        """Programmes of the units that the user coordinates or reads.

        A mentor or mentee sees a programme by its wishes alone (`programmes.wishing`).
        """
        return self.filter(user.rows_q())

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def collecting(self, day: dt.date) -> Self:
        """Whose window of wishes is open on that day, its first and last day included."""
        return self.filter(state=State.COLLECTING, wishes_from_on__lte=day, wishes_to_on__gte=day)

    def for_list(self) -> Self:
        return self.select_related("unit", "township", "county", "policy")


class Programme(Identified, Placed, Keyed):
    """批次: the pairs of a unit's subtree for a year, from the first wish to the published list.

    The window of wishes is two days, both included, or none. `from_on` and `to_on` are the
    first and last day of the pairs; without `to_on` the policy's term counts.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("programme title"), max_length=60)
    basis = models.CharField(_("basis document"), max_length=200, blank=True)
    # The version that was in force for `unit` on `from_on` when the list was checked.
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("policy"),
    )  # fmt: skip
    from_on = models.DateField(_("pairs begin"))
    to_on = models.DateField(_("pairs end"), null=True, blank=True)
    wishes_from_on = models.DateField(_("wishes from"), null=True, blank=True)
    wishes_to_on = models.DateField(_("wishes until"), null=True, blank=True)
    most_wishes = models.PositiveSmallIntegerField(_("wishes a person"), default=3)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="copies"
    )

    tally = _("%(n)d programmes")

    objects = ProgrammeQuerySet.as_manager()

    class Meta(Keyed.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "year", "title"],
                condition=~Q(state=State.WITHDRAWN),
                name="programme_once_a_year",
                violation_error_message=_("This unit has a programme of this name in this year."),
            ),
            models.CheckConstraint(
                name="programme_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="programme_window_has_two_days",
                condition=Q(wishes_from_on=None, wishes_to_on=None)
                | Q(
                    wishes_from_on__isnull=False,
                    wishes_to_on__isnull=False,
                    wishes_to_on__gte=F("wishes_from_on"),
                ),
            ),
            models.CheckConstraint(
                name="programme_collects_in_a_window",
                condition=~Q(state=State.COLLECTING) | Q(wishes_from_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["county", "-year", "-id"], name="programme_county_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(state__in=OPEN)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def is_settable(self) -> bool:
        return self.state in SETTABLE

    @property
    def is_listable(self) -> bool:
        return self.state in LISTABLE

    def takes_wishes(self, day: dt.date) -> bool:
        """Whether a wish may be said, reordered or withdrawn on that day."""
        first, last = self.wishes_from_on, self.wishes_to_on
        inside = first is not None and last is not None and first <= day <= last
        return self.state == State.COLLECTING and inside

    def moves_for(self, user: User) -> list[str]:
        """The verbs that are open to this user now; draws the buttons and guards the POST."""
        if not user.governs(self.unit):
            return []
        found = [verb for verb, move in MOVES.items() if self.state in move.path]
        # Wishes are collected in a window, and a window that is there is kept.
        if self.state == State.DRAFT:
            found.remove("draw_up" if self.wishes_from_on else "collect")
        return found

    @transaction.atomic
    def move(
        self, verb: str, *, by: User | None, reason: str = "", document: str = ""
    ) -> ProgrammeEvent:
        """Carry out a verb of MOVES, write its event, or raise with nothing changed.

        Compare-and-swap: of two who press at once, one gets StaleMove. Without `by` it is the
        clock that moves. What a verb asks of the list, `programmes.listing` asks before.
        """
        path = MOVES[verb].path
        if State(self.state) not in path or (by is not None and verb not in self.moves_for(by)):
            raise StaleMove(verb)
        old, new = State(self.state), path[State(self.state)]
        if not Programme.objects.filter(pk=self.pk, state=old).update(state=new):
            raise StaleMove(verb)
        self.state = new
        return ProgrammeEvent.objects.create(
            programme=self, actor=by, verb=verb, from_state=old, to_state=new,
            reason=reason, document=document,
        )  # fmt: skip
