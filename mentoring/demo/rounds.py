"""Two programmes of the demo's county: this year's list, published, and next year's wishes."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from cadres.models import Cadre
from mentoring.demo.accounts import MENTEE, MENTOR
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from mentors.models import Mentor
from pairings.models import Pairing, Policy
from pairings.states import RUNNING, Role
from programmes.models import Origin, PlannedPair, Preference, Programme, ProgrammeEvent, Side
from programmes.participants import mentees_of, mentors_of
from programmes.states import MOVES, State
from units.models import Unit

LISTED = 300  # pairs on the published list
WISHERS = 30  # mentees with wishes; about as many mentors answer
MOST_WISHES = 3


def enter(county: Unit, policy: Policy, *, by: User, chance: Chance) -> int:
    """Enter both; how many."""
    _published(county, policy, by, chance)
    _wish(_collecting(county, by, chance), chance)
    return 2


def _programme(county: Unit, by: User, chance: Chance, *, year: int, at: dt.datetime) -> Programme:
    return Programme(
        id=chance.uuid_at(at), unit=county, year=year, title=f"{year}年度导师帮带结对",
        from_on=dt.date(year, 1, 1), to_on=dt.date(year, 12, 31), most_wishes=MOST_WISHES,
        created_by=by,
    )  # fmt: skip


def _tell(programme: Programme, path: list[tuple[str, State, dt.datetime]], by: User) -> None:
    """The events that led to the state of the last one."""
    before = ""
    events = []
    for verb, state, at in path:
        event = ProgrammeEvent(programme=programme, actor=by, verb=verb, from_state=before,
                               to_state=state, at=at)  # fmt: skip
        if "document" in getattr(MOVES.get(verb), "asks", ()):
            event.document = programme.basis
        events.append(event)
        before = state
    ProgrammeEvent.objects.bulk_create(events)


def _published(county: Unit, policy: Policy, by: User, chance: Chance) -> None:
    year = chance.today.year
    pairs = Pairing.objects.filter(
        county=county, role=Role.LEAD, state__in=RUNNING, from_on__year=year,
        to_on__isnull=False,
    ).order_by("id")[:LISTED]  # fmt: skip
    at = chance.moment(dt.date(year - 1, 12, 1))
    programme = _programme(county, by, chance, year=year, at=at)
    programme.state, programme.policy = State.PUBLISHED, policy
    programme.basis = f"示例文号〔{year}〕1号"
    programme.save()
    # A mentee stands on a list once, and so does a couple.
    copy_rows(
        PlannedPair(
            id=chance.uuid_at(at), programme=programme, mentor_id=row.mentor_id,
            mentee_id=row.mentee_id, origin=chance.choice((Origin.WISH, Origin.ASSIGNED)),
            pairing=row, created_by=by, created_at=at,
        )
        for row in {row.mentee_id: row for row in pairs}.values()
    )  # fmt: skip
    days = [dt.date(year - 1, 12, day) for day in (1, 8, 15, 18, 22)]
    moments = [chance.moment(day) for day in days]
    steps = [("create", State.DRAFT), ("draw_up", State.MATCHING), ("check", State.CHECKED),
             ("approve", State.APPROVED), ("publish", State.PUBLISHED)]  # fmt: skip
    path = [(*step, moment) for step, moment in zip(steps, moments, strict=True)]
    _tell(programme, path, by)


def _collecting(county: Unit, by: User, chance: Chance) -> Programme:
    today = chance.today
    begun = chance.moment(today - dt.timedelta(days=12))
    programme = _programme(county, by, chance, year=today.year + 1, at=begun)
    programme.state = State.COLLECTING
    programme.wishes_from_on = today - dt.timedelta(days=7)
    programme.wishes_to_on = today + dt.timedelta(days=14)
    programme.save()
    announced = chance.moment(today - dt.timedelta(days=8))
    path = [("create", State.DRAFT, begun), ("collect", State.COLLECTING, announced)]
    _tell(programme, path, by)
    return programme


def _wish(programme: Programme, chance: Chance) -> None:
    """Wishes of some; the two who sign in to the demo have theirs still to say."""
    today = chance.today
    shown = (MENTOR, MENTEE)
    mentors: list[Mentor] = list(
        mentors_of(programme, today).exclude(cadre__user__username__in=shown).order_by("id")[:20]
    )
    people = mentees_of(programme, today).exclude(cadre__user__username__in=shown)
    entries = people.select_related("cadre").order_by("id")[:WISHERS]
    mentees: list[Cadre] = [entry.cadre for entry in entries]
    if len(mentors) < MOST_WISHES:
        return
    rows: list[Preference] = []
    wished: dict[Mentor, list[Cadre]] = {}
    for mentee in mentees:
        chosen = chance.sample(mentors, chance.randint(1, MOST_WISHES))
        chosen = [mentor for mentor in chosen if mentor.cadre_id != mentee.pk]
        at = chance.moment(today - dt.timedelta(days=chance.randint(1, 6)))
        rows += [_said(programme, chance, Side.MENTEE, mentor, mentee, nth, at)
                 for nth, mentor in enumerate(chosen, start=1)]  # fmt: skip
        for mentor in chosen:
            wished.setdefault(mentor, []).append(mentee)
    for mentor, who in wished.items():
        answers = chance.sample(who, min(len(who), chance.randint(0, MOST_WISHES)))
        at = chance.moment(today - dt.timedelta(days=chance.randint(1, 6)))
        rows += [_said(programme, chance, Side.MENTOR, mentor, mentee, nth, at)
                 for nth, mentee in enumerate(answers, start=1)]  # fmt: skip
    copy_rows(rows)


def _said(
    programme: Programme, chance: Chance, side: Side, mentor: Mentor, mentee: Cadre, nth: int,
    at: dt.datetime,
) -> Preference:  # fmt: skip
    return Preference(
        id=chance.uuid_at(at), programme=programme, side=side, mentor=mentor, mentee=mentee,
        nth=nth, said_at=at, created_at=at,
        is_on_behalf=True, created_by=programme.created_by,
    )  # fmt: skip
