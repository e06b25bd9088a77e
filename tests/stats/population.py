"""A small random county and its neighbours, with histories: the same seed gives the same rows."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.utils import timezone

from accounts.models import User
from activities.models import Assignment, Method, Review, Session, Submission, Visit
from cadres import codes
from cadres.models import Cadre, Exemption, Mentee, MenteeCategory, Posting
from certificates.models import Certificate, Kind, Series
from mentors.models import Mentor, MentorCategory
from pairings.models import Pairing, PairingEvent
from pairings.states import OPEN, Cause, Role, State
from tests.factories import make_unit, make_user
from units.models import Unit

TODAY = dt.date(2026, 11, 20)
START = dt.date(2024, 6, 1)
MONTHS = ("", "1990-11", "1990-12", "1991-01", "1999-07", "1970-02", "1985-12", "1981-06",
          "1976-11", "1968-01", "1972-12")  # fmt: skip
STAFFINGS = ("", "civil", "civil_like", "institution", "worker", "off_quota", "village", "ours")
# The lives that a pair may lead, by the states it comes to.
LIVES = (
    (State.PROPOSED,),
    (State.PROPOSED, State.DECLINED),
    (State.PROPOSED, State.AGREED, State.WITHDRAWN),
    (State.PROPOSED, State.AGREED, State.ACTIVE),
    (State.PROPOSED, State.AGREED, State.ACTIVE),
    (State.AGREED, State.ACTIVE, State.SUSPENDED),
    (State.AGREED, State.ACTIVE, State.SUSPENDED, State.ACTIVE),
    (State.AGREED, State.ACTIVE, State.COMPLETED),
    (State.AGREED, State.ACTIVE, State.SUSPENDED, State.TERMINATED),
)


class Dice(Random):
    """Chance that repeats itself; no secret hangs on it."""


def populate(tree, seed: int, *, people: int = 60, records: int = 160) -> None:
    """People with posts and moves, mentors, pairs with events, records; some facts unknown."""
    chance = Dice(seed)
    make_unit(name="杨家埠街道", kind="township", parent=tree.zone)
    make_unit(name="便民服务中心", kind="station", parent=tree.shangshu)
    places = list(Unit.objects.exclude(kind="province"))
    mentee_kinds = [None, *MenteeCategory.objects.all()]
    mentor_kinds = list(MentorCategory.objects.all())
    cadres = [_person(chance, places) for _ in range(people)]
    mentors = [_mentor(chance, cadre, mentor_kinds) for cadre in chance.sample(cadres, people // 3)]
    couples = [(mentor, cadre) for mentor in mentors for cadre in cadres if mentor.cadre != cadre]
    pairs, led = [], set()
    for mentor, cadre in chance.sample(couples, people):
        # One lead mentor at a time, so each further one has another role.
        role = Role.WORK if cadre in led else Role.LEAD
        pairs.append(_pair(chance, mentor, cadre, role, after=pairs[-1] if pairs else None))
        led.add(cadre)
    for pairing in chance.sample(pairs, 6):  # substitutes count nowhere
        _stand_in(chance, pairing, mentors)
    for _ in range(records):
        _record(chance, chance.choice(pairs))
    clerk = make_user(name="经办")
    for pairing in chance.sample(pairs, people // 3):
        _certify(chance, pairing, clerk)
    for number, cadre in enumerate(cadres):
        if kind := mentee_kinds[number % len(mentee_kinds)]:
            _entry(chance, cadre, kind)
    _line(tree)


def _line(tree) -> None:
    """Three generations of teaching, which chance alone does not always bring."""
    line = [Cadre.objects.create(unit=tree.shangshu, name=name) for name in ("师", "徒", "孙")]
    years, category = (2024, 2025, 2026), MentorCategory.objects.first()
    appointed = []
    for cadre, year in zip(line, years, strict=True):
        Posting.objects.create(cadre=cadre, unit=cadre.unit)
        appointed.append(
            Mentor.objects.create(
                cadre=cadre, unit=cadre.unit, category=category, from_on=dt.date(year, 2, 1)
            )
        )
    for mentor, mentee in zip(appointed, line[1:], strict=False):
        day = mentor.from_on + dt.timedelta(days=30)
        pairing = Pairing.objects.create(
            mentor=mentor, mentee=mentee, from_on=day, state=State.ACTIVE
        )
        PairingEvent.objects.create(pairing=pairing, verb="x", to_state=State.ACTIVE, on=day)


def _day(chance: Random, first: dt.date = START) -> dt.date:
    return first + dt.timedelta(days=chance.randrange(max((TODAY - first).days, 1)))


def _person(chance: Random, places: list[Unit]) -> Cadre:
    # The levels that are told apart as often as all others together.
    others = ["", *codes.tables().names["education"]]
    educations = [*others, *["11", "14", "21", "31"] * (len(others) // 4)]
    cadre = Cadre.objects.create(
        unit=chance.choice(places),
        name=chance.choice(["张伟", "王芳", "李娜"]),  # homonyms on purpose
        gender=chance.choice(["", "0", "1", "2"]),
        birth_month=chance.choice(MONTHS),
        political_status=chance.choice(["", "01", "02", "03", "04", "11", "12", "13", "99"]),
        staffing=chance.choice(STAFFINGS),
        education=chance.choice(educations),
        later_education=chance.choice(educations),
    )
    first = chance.choice([None, _day(chance)])
    post = Posting.objects.create(cadre=cadre, unit=cadre.unit, from_on=first)
    if chance.random() < 0.3:
        cadre.move_to(chance.choice(places), on=_day(chance, post.from_on or START))
    if chance.random() < 0.2:  # a second post beside the main one counts nowhere
        Posting.objects.create(cadre=cadre, unit=chance.choice(places), is_main=False)
    if chance.random() < 0.15:
        cadre.left_on = _day(chance)
        cadre.save()
    return cadre


def _entry(chance: Random, cadre: Cadre, kind: MenteeCategory) -> None:
    """On the register since some day, some in another category later, some exempt for a while."""
    first = chance.choice([None, _day(chance)])
    entry = Mentee.objects.create(cadre=cadre, category=kind, from_on=first)
    if chance.random() < 0.5:
        begins = _day(chance, first or START)
        ends = chance.choice([None, _day(chance, begins)])
        Exemption.objects.create(mentee=entry, from_on=begins, to_on=ends, reason="借调")
    if chance.random() < 0.3:
        on = _day(chance, first or START)
        entry = entry.change_category(MenteeCategory.objects.last(), on=on, by=None)
    if chance.random() < 0.2:
        entry.end(on=_day(chance, entry.from_on or START), reason="已出师", by=None)


def _mentor(chance: Random, cadre: Cadre, categories: list) -> Mentor:
    start = _day(chance)
    ended = _day(chance, start) if chance.random() < 0.4 else None
    mentor = Mentor.objects.create(
        cadre=cadre,
        unit=cadre.unit,
        category=chance.choice(categories),
        from_on=start,
        to_on=ended,
        state="ended" if ended else "in_office",
    )
    if ended and chance.random() < 0.5:  # appointed anew, on the last day of the old one
        Mentor.objects.create(
            cadre=cadre, unit=cadre.unit, category=categories[0], from_on=ended, to_on=None
        )
    return mentor


def _stand_in(chance: Random, pairing: Pairing, mentors: list[Mentor]) -> None:
    free = [
        each
        for each in mentors
        if each.cadre_id not in {pairing.mentee_id, pairing.mentor_cadre_id}
    ]
    taken = Pairing.objects.filter(mentee=pairing.mentee_id).values_list("mentor_cadre", flat=True)
    mentor = chance.choice([each for each in free if each.cadre_id not in {*taken}])
    made = Pairing.objects.create(
        mentor=mentor,
        mentee=pairing.mentee,
        role=Role.SUBSTITUTE,
        stands_in_for=pairing,
        from_on=START,
        to_on=TODAY,
        state=State.ACTIVE,
    )
    PairingEvent.objects.create(pairing=made, verb="x", to_state=State.ACTIVE, on=START)


def _pair(
    chance: Random, mentor: Mentor, mentee: Cadre, role: Role, *, after: Pairing | None
) -> Pairing:
    life, day = chance.choice(LIVES), _day(chance)
    state = life[-1]
    # One cause after the other, so that few pairs have all of them.
    causes = ["", *Cause.values] if state == State.TERMINATED else [""]
    cause = causes[Pairing.objects.filter(state=state).count() % len(causes)]
    pairing = Pairing.objects.create(
        mentor=mentor,
        mentee=mentee,
        role=role,
        from_on=day,
        to_on=chance.choice([None, TODAY]) if day < TODAY else None,
        succeeds=chance.choice([None, after]),
        state=state,
        ended_on=None if state in OPEN else TODAY,
        end_cause=cause,
    )
    events = []
    for to_state in life:
        events.append(PairingEvent(pairing=pairing, verb="x", to_state=to_state, on=day))
        day = min(_day(chance, day) if day < TODAY else day, TODAY)
    PairingEvent.objects.bulk_create(events)
    return pairing


def _record(chance: Random, pairing: Pairing) -> None:
    day, kind = _day(chance), chance.randrange(3)
    if kind == 0:
        Session.objects.create(
            pairing=pairing, happened_on=day, method=chance.choice(Method.values), topic="议事"
        )
    elif kind == 1:
        Visit.objects.create(
            pairing=pairing,
            happened_on=day,
            place_text="村口",
            visited="firm",
            is_with_mentor=chance.random() < 0.5,
        )
    else:
        made = Assignment.objects.create(pairing=pairing, title="调研", due_on=day)
        moment = timezone.make_aware(
            dt.datetime.combine(day, dt.time(chance.choice([0, 7, 23]), 59))
        )
        accepted = moment + dt.timedelta(days=chance.randrange(60))
        state = chance.choice(["set", "accepted", "withdrawn"])
        Assignment.objects.filter(pk=made.pk).update(
            created_at=moment,
            due_on=day + dt.timedelta(days=chance.randrange(20)),
            state=state,
            decided_at=accepted if state == "accepted" else None,
        )
        _hand_in(chance, made, moment, state)


def _hand_in(chance: Random, task: Assignment, moment: dt.datetime, state: str) -> None:
    """None, one or two hand-ins, in time or late; a withdrawal on some later day."""
    for _ in range(chance.randrange(3)):
        made = Submission.objects.create(assignment=task, text="交")
        later = moment + dt.timedelta(hours=chance.randrange(40 * 24))
        Submission.objects.filter(pk=made.pk).update(created_at=later)
    if state == "withdrawn":
        review = Review.objects.create(assignment=task, verdict=state)
        later = moment + dt.timedelta(days=chance.randrange(30))
        Review.objects.filter(pk=review.pk).update(created_at=later)


def _certify(chance: Random, pairing: Pairing, by: User) -> None:
    day = _day(chance)
    series, _made = Series.objects.get_or_create(
        county=pairing.unit, year=day.year, kind=Kind.APPRENTICESHIP
    )
    number = series.certificates.count() + 1
    made = Certificate(
        kind=Kind.APPRENTICESHIP,
        pairing=pairing,
        unit=pairing.unit,
        series=series,
        year=day.year,
        number=number,
        serial=f"{day.year}-{number}",
        facts={},
        pdf=b"%PDF",
        sha256="0" * 64,
        issued_on=day,
        issued_by=by,
    )
    if chance.random() < 0.5:
        made.voided_at = timezone.make_aware(
            dt.datetime.combine(day + dt.timedelta(days=chance.randrange(200)), dt.time(9))
        )
        made.voided_by, made.void_reason = by, "有误"
    made.save()
