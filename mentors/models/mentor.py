"""The appointment of a cadre as mentor 导师: a life with states, moved by one method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadres.characters import characters
from cadres.models import Cadre
from core.models import Identified, Keyed
from mentors.models.category import MentorCategory, Strength
from mentors.models.event import MentorEvent
from mentors.models.queries import MentorQuerySet
from mentors.states import APPOINTED, BADGES, CANDIDATE, MOVES, State
from units.models import Placed

if TYPE_CHECKING:
    from accounts.models import User


class StillPaired(Exception):
    """The appointment cannot end while pairings of it are open."""


class StaleMove(Exception):
    """The move is not open to this person now: the state has changed, or never allowed it."""


class Mentor(Identified, Placed, Keyed):
    """An appointment as mentor, placed at the unit that appoints.

    It stands from `from_on` to `to_on`, the last day in office, empty until it has ended;
    `from_on` is empty while it is only proposed. `term_to_on` is the last day of the agreed term,
    empty where none was agreed: the term may run out before anybody ends or renews it.
    """

    cadre = models.ForeignKey(
        Cadre, verbose_name=_("cadre"), on_delete=models.PROTECT, related_name="mentorships"
    )
    category = models.ForeignKey(
        MentorCategory, verbose_name=_("mentor category"), on_delete=models.PROTECT
    )
    strengths = models.ManyToManyField(
        Strength, verbose_name=_("strengths"), related_name="mentors", blank=True
    )
    capacity = models.PositiveSmallIntegerField(_("places"), default=2)
    # A row made without more words is an appointment in force from today, as rosters make them.
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.IN_OFFICE, editable=False
    )
    from_on = models.DateField(_("from"), default=timezone.localdate, null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)
    term_to_on = models.DateField(_("term ends"), null=True, blank=True)
    notice_from_on = models.DateField(_("notice from"), null=True, editable=False)
    notice_to_on = models.DateField(_("notice to"), null=True, editable=False)
    end_reason = models.CharField(_("reason for ending"), max_length=300, blank=True)
    # The person's, kept by the database: a search and a list in the order of names read the
    # mentors of a scope and nothing else.
    name = models.CharField(max_length=100, default="", db_default="", editable=False)
    pinyin = models.CharField(max_length=300, default="", db_default="", editable=False)
    initials = models.CharField(max_length=100, default="", db_default="", editable=False)

    tally = _("%(n)d mentors")

    objects = MentorQuerySet.as_manager()

    taken: int  # both by with_places()
    free: int
    state_on: str | None  # by with_state_on()

    class Meta(Keyed.Meta):
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        constraints = [
            *Keyed.Meta.constraints,
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(to_on=None),
                name="mentor_one_open_appointment",
                violation_error_message=_("This person is a mentor already."),
            ),
            models.CheckConstraint(
                name="mentor_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="mentor_state_fits_its_days",
                condition=Q(state__in=CANDIDATE, from_on=None, to_on=None)
                | Q(state__in=APPOINTED, from_on__isnull=False, to_on=None)
                | Q(state=State.ENDED, to_on__isnull=False),
            ),
            models.CheckConstraint(
                name="mentor_term_ends_after_it_begins",
                condition=Q(term_to_on=None) | Q(term_to_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="mentor_notice_has_two_days",
                condition=Q(notice_from_on=None, notice_to_on=None) & ~Q(state=State.ON_NOTICE)
                | Q(
                    notice_from_on__isnull=False,
                    notice_to_on__isnull=False,
                    notice_to_on__gte=F("notice_from_on"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "to_on"], name="mentor_county_to"),
            models.Index(fields=["township", "to_on"], name="mentor_township_to"),
            models.Index(fields=["county", "pinyin", "id"], name="mentor_county_pinyin"),
            models.Index(fields=["city", "pinyin", "id"], name="mentor_city_pinyin"),
            models.Index(fields=["township", "pinyin", "id"], name="mentor_township_pinyin"),
            models.Index(
                fields=["county", "term_to_on", "pinyin", "id"], name="mentor_county_term"
            ),
            models.Index(fields=["city", "term_to_on", "pinyin", "id"], name="mentor_city_term"),
            models.Index(fields=["county", "unit", "pinyin", "id"], name="mentor_county_unit"),
            models.Index(
                fields=["county", "capacity", "pinyin", "id"], name="mentor_county_capacity"
            ),
            GinIndex(characters("name"), name="mentor_name_characters"),
            models.Index(
                fields=["pinyin"], opclasses=["varchar_pattern_ops"], name="mentor_pinyin_begins"
            ),
            models.Index(
                fields=["initials"], opclasses=["varchar_pattern_ops"], name="mentor_initials_begin"
            ),
        ]

    def __str__(self) -> str:
        return self.cadre.name

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(to_on=None) | Q(to_on__gte=day)

    @property
    def badge(self) -> str:
        return BADGES[self.state]

    @property
    def is_open(self) -> bool:
        return self.to_on is None

    @property
    def is_candidate(self) -> bool:
        return self.state in CANDIDATE

    def is_appointed(self, day: dt.date) -> bool:
        """Whether the appointment stands on that day, suspended or not."""
        begun = self.from_on is not None and self.from_on <= day
        return begun and (self.to_on is None or self.to_on >= day)

    def moves_for(self, user: User) -> list[str]:
        """The verbs that are open to this user now; draws the buttons and guards the POST."""
        if not self.may_move(user):
            return []
        return [verb for verb, move in MOVES.items() if self.state in move.path]

    def may_move(self, user: User) -> bool:
        """Whether the verbs are this user's to press: the office's, never on an own row."""
        return self.cadre.user_id != user.pk and user.governs(self.unit)

    @transaction.atomic
    def move(
        self,
        verb: str,
        *,
        by: User,
        on: dt.date | None = None,
        term_to_on: dt.date | None = None,
        notice_to_on: dt.date | None = None,
        reason: str = "",
        document: str = "",
        waived: str = "",
        waiver: str = "",
    ) -> MentorEvent:
        """Carry out a verb of MOVES, write its event, or raise with nothing changed.

        `on` is the first day of the new state; for "end" the last day in office. Compare-and-
        swap: of two who press at once, one gets StaleMove. StillPaired for an end with open
        pairings; ValueError for days that cannot be and for a missing reason, which a form says
        before. Asks for no eligibility: `mentors.appointing` does.
        """
        if verb not in self.moves_for(by):
            raise StaleMove(verb)
        day = on or timezone.localdate()
        given = {"on": day, "term_to_on": term_to_on, "notice_to_on": notice_to_on}
        self._check(verb, given | {"reason": reason.strip()})
        if verb == "end":
            # Locked first and counted second: who waited for the lock counts what came before.
            Mentor.objects.select_for_update().only("pk").get(pk=self.pk)
            if Mentor.objects.with_places().get(pk=self.pk).taken:
                raise StillPaired
        old, new = State(self.state), MOVES[verb].path[State(self.state)]
        changes: dict[str, Any] = {"state": new, **self._days(verb, day, given, reason)}
        until, was = notice_to_on if verb == "publish" else term_to_on, self.term_to_on
        same = Mentor.objects.filter(pk=self.pk, state=old, term_to_on=was)
        if not same.update(**changes):
            raise StaleMove(verb)
        for name, value in changes.items():
            setattr(self, name, value)
        return MentorEvent.objects.create(
            mentor=self,
            actor=by,
            verb=verb,
            from_state=old,
            to_state=new,
            on=day,
            old_to_on=was if verb == "renew" else None,
            new_to_on=until,
            reason=reason,
            document=document,
            waived=waived,
            waiver=waiver,
        )

    def earliest(self, verb: str) -> dt.date | None:
        """The first day on which a verb may take effect; None where any day may be.

        An appointment made ahead may be called off before it begins: then it never stood.
        """
        if verb in {"suspend", "resume"}:
            return self.from_on
        if verb == "end" and self.from_on is not None:
            return min(self.from_on, timezone.localdate())
        return None

    def _check(self, verb: str, given: dict[str, Any]) -> None:
        move, today = MOVES[verb], timezone.localdate()
        if any(not given.get(name) for name in move.needs):
            raise ValueError("this move needs more to be said")
        if any(given.get(name) for name in ("term_to_on", "notice_to_on") if name not in move.asks):
            raise ValueError("this move sets no such day")
        earliest, on = self.earliest(verb), given["on"]
        if earliest is not None and on < earliest:
            raise ValueError("the appointment had not begun on this day")
        if verb not in {"publish", "appoint"} and on > today:
            raise ValueError("this day has not come yet")
        until = given["term_to_on"] or given["notice_to_on"]
        least = (self.term_to_on or self.from_on) if verb == "renew" else on
        if until and (until < least or (verb == "renew" and until == self.term_to_on)):
            raise ValueError("the last day lies before the first")

    def _days(self, verb: str, day: dt.date, given: dict[str, Any], reason: str) -> dict[str, Any]:
        """The columns besides the state that a move sets."""
        match verb:
            case "publish":
                return {"notice_from_on": day, "notice_to_on": given["notice_to_on"]}
            case "appoint":
                return {"from_on": day, "term_to_on": given["term_to_on"]}
            case "renew":
                return {"term_to_on": given["term_to_on"]}
            case "withdraw" | "end":
                ended: dict[str, Any] = {"to_on": day, "end_reason": reason}
                never_begun = self.from_on is not None and day < self.from_on
                return ended | ({"from_on": None, "term_to_on": None} if never_begun else {})
        return {}

    @transaction.atomic
    def change(
        self,
        *,
        category: MentorCategory,
        capacity: int,
        by: User,
        strengths: Iterable[Strength] | None = None,
    ) -> None:
        """Another category, number of places or strengths, with an event that says what changed.

        Without `strengths` they stay as they are.
        """
        before = Mentor.objects.select_for_update(of=("self",)).select_related("category")
        old = before.get(pk=self.pk)
        said: list[str] = []
        places: dict[str, int] = {}
        if old.category_id != category.pk:
            said.append(f"{old.category} → {category}")
        if old.capacity != capacity:
            places = {"old_capacity": old.capacity, "new_capacity": capacity}
            said.append(
                gettext("places %(old)d → %(new)d") % {"old": old.capacity, "new": capacity}
            )
        if strengths is not None:
            said += self._change_strengths(set(strengths))
        if not said:
            return
        self.category, self.capacity = category, capacity
        self.save(update_fields=["category", "capacity"])
        MentorEvent.objects.create(
            mentor=self,
            actor=by,
            verb="edit",
            from_state=old.state,
            to_state=old.state,
            reason="；".join(said)[:300],
            **places,
        )

    def _change_strengths(self, wanted: set[Strength]) -> list[str]:
        had = set(self.strengths.all())
        if had == wanted:
            return []
        self.strengths.set(wanted)
        said = gettext("strengths %(old)s → %(new)s")
        return [said % {"old": _words(had), "new": _words(wanted)}]

    def free_places(self, taken: int) -> int:
        return max(self.capacity - taken, 0)


def _words(strengths: Iterable[Strength]) -> str:
    ordered = sorted(strengths, key=lambda row: (row.position, row.pk))
    return "、".join(row.name for row in ordered) or "—"
