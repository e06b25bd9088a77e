"""Saying wishes: who may, whom they may name, and the whole list saved at once."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.models import Cadre, Mentee
from mentors.models import Mentor
from programmes.models import NotNow, Preference, Programme, Side
from programmes.models.preference import PreferenceQuerySet
from programmes.participants import mentees_of, mentors_of
from programmes.states import State


class Wisher(NamedTuple):
    """Who wishes, in which programme, on which side; `mentor` is the appointment of a mentor."""

    programme: Programme
    side: Side
    cadre: Cadre
    mentor: Mentor | None

    @property
    def wishes(self) -> PreferenceQuerySet:
        """All that were ever said, withdrawn ones with them."""
        mine: dict[str, Any] = {"mentor": self.mentor} if self.mentor else {"mentee": self.cadre}
        return Preference.objects.filter(programme=self.programme, side=self.side, **mine)

    @property
    def partner(self) -> str:
        """The column of a wish that names the one who is wished for."""
        return "mentee_id" if self.side == Side.MENTOR else "mentor_id"

    def candidates(self, day: dt.date) -> Any:
        """Those of the other side who may be named: Mentor rows, or entries of mentees."""
        if self.side == Side.MENTOR:
            people: Any = mentees_of(self.programme, day)
        else:
            people = mentors_of(self.programme, day)
        return people.exclude(cadre=self.cadre)

    def partner_ids(self) -> list[UUID]:
        """Whom the wishes that stand name, in their order."""
        return list(self.wishes.live().order_by("nth").values_list(self.partner, flat=True))


class NotAChoice(Exception):
    """Somebody on the list cannot be wished for, twice, or too many are; with a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def wisher_of(programme: Programme, side: Side, cadre_pk: UUID, day: dt.date) -> Wisher | None:
    """The person as one who wishes: of the programme today, or with wishes that stand."""
    if side == Side.MENTOR:
        said = Preference.objects.live().filter(programme=programme, side=side)
        now = mentors_of(programme, day).filter(cadre=cadre_pk)
        before = Mentor.objects.filter(cadre=cadre_pk, pk__in=said.values("mentor"))
        found = (rows.select_related("cadre__unit", "category").first() for rows in (now, before))
        mentor = next(filter(None, found), None)
        return Wisher(programme, side, mentor.cadre, mentor) if mentor else None
    said = Preference.objects.live().filter(programme=programme, side=side, mentee=cadre_pk)
    cadre = Cadre.objects.select_related("unit").filter(pk=cadre_pk).first()
    is_concerned = mentees_of(programme, day).filter(cadre=cadre_pk).exists() or said.exists()
    return Wisher(programme, side, cadre, None) if cadre and is_concerned else None


@transaction.atomic
def say(wisher: Wisher, partner_ids: list[UUID], *, by: User) -> list[Preference]:
    """These people in this order instead of all that stood; none withdraws everything.

    The programme is held first: of two tabs that save at once the later one stands whole, and no
    wish comes in behind the end of the window. NotNow outside of it, NotAChoice.
    """
    programme = wisher.programme
    held = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    today = timezone.localdate()
    if not held.takes_wishes(today):
        raise NotNow(closed(held, today))
    if wisher.partner_ids() == partner_ids:
        return list(wisher.wishes.live())
    _check(wisher, held, partner_ids, today)
    wisher.wishes.live().update(withdrawn_at=timezone.now())
    mine = {"mentor": wisher.mentor} if wisher.mentor else {"mentee": wisher.cadre}
    rows = [
        Preference(
            programme=programme,
            side=wisher.side,
            nth=nth,
            is_on_behalf=wisher.cadre.user_id != by.pk,
            created_by=by,
            **mine,
            **{wisher.partner: pk},
        )
        for nth, pk in enumerate(partner_ids, start=1)
    ]
    return Preference.objects.bulk_create(rows)


def _check(wisher: Wisher, held: Programme, partner_ids: list[UUID], day: dt.date) -> None:
    if len(partner_ids) > held.most_wishes:
        raise NotAChoice(_("At most %(n)d people may be named.") % {"n": held.most_wishes})
    if len(set(partner_ids)) < len(partner_ids):
        raise NotAChoice(_("Somebody is named twice."))
    key = "cadre" if wisher.side == Side.MENTOR else "pk"
    if wisher.candidates(day).filter(**{f"{key}__in": partner_ids}).count() < len(partner_ids):
        raise NotAChoice(_("Somebody on the list takes no part in this programme any more."))


def closed(programme: Programme, today: dt.date) -> str:
    """Why no wish is taken on that day, in a sentence."""
    first, last = programme.wishes_from_on, programme.wishes_to_on
    if first and last and programme.state == State.COLLECTING:
        day = first if today < first else last
        sentence = (
            _("Wishes may be said from %(day)s on.")
            if today < first
            else _("Wishes could be said until %(day)s.")
        )
        return sentence % {"day": date_format(day, "Y年n月j日")}
    return _("The programme takes no wishes now.")


class Invitation(NamedTuple):
    programme: Programme
    side: Side
    has_said: bool


def open_to(cadre: Cadre, day: dt.date) -> list[Invitation]:
    """The programmes in which the person may say wishes on that day; one query."""
    own = OuterRef("unit__path")
    mentors = Mentor.objects.in_office(day).filter(cadre=cadre, unit__path__startswith=own)
    entries = Mentee.objects.should_be_paired(day).filter(
        cadre=cadre, cadre__unit__path__startswith=own
    )
    said = Preference.objects.live().filter(programme=OuterRef("pk"))
    rows = Programme.objects.collecting(day).annotate(
        as_mentor=Exists(mentors),
        as_mentee=Exists(entries),
        said_as_mentor=Exists(said.filter(side=Side.MENTOR, mentor__cadre=cadre)),
        said_as_mentee=Exists(said.filter(side=Side.MENTEE, mentee=cadre)),
    )
    return [
        Invitation(row, side, getattr(row, f"said_as_{side}"))
        for row in rows.order_by("wishes_to_on", "pk")
        for side in Side
        if getattr(row, f"as_{side}")
    ]


def mutual(programme: Programme) -> set[tuple[UUID, UUID]]:
    """The couples who wished for one another: (mentor's id, mentee's id)."""
    live = Preference.objects.live().filter(programme=programme)
    answer = live.filter(side=Side.MENTEE, mentor=OuterRef("mentor"), mentee=OuterRef("mentee"))
    both = live.filter(side=Side.MENTOR).filter(Exists(answer))
    return set(both.values_list("mentor_id", "mentee_id"))
