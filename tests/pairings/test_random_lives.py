"""Random steps by random people on random days: whatever they try, the rules of a pair hold."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from core.problems import Refused, Severity
from mentors.models import Mentor
from pairings import changing, reversing, substituting
from pairings.models import Pairing, StaleMove
from pairings.registering import propose
from pairings.reversing import Irreversible
from pairings.states import CALLED_OFF, MOVES, OPEN, Role, State
from tests.factories import make_cadre, make_mentor, make_pairing, make_user

DAY = dt.timedelta(days=1)
MENTORS, MENTEES = 3, 3


def spread(number: int) -> int:
    """Small numbers, which hypothesis prefers, made as likely to be large (Knuth's hash)."""
    return (number + 1) * 2_654_435_761 % 2**32 >> 7


which = st.integers(0, 1000).map(spread)
people = st.integers(0, 1000).map(lambda number: spread(number) % 12)
# How far before and after today something takes effect.
days_off = st.integers(-40, 5)
OFFICE_VERBS = ("approve", "withdraw", "complete", "extend", "suspend", "resume", "ceremony",
                "terminate")  # fmt: skip


class Lives(RuleBasedStateMachine):
    cast: object = None
    tree: object = None

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        cast, tree = self.cast, self.tree
        self.mentors = [cast.mentor_row] + [
            make_mentor(
                cadre=make_cadre(
                    unit=tree.shangshu, name=f"师{n}", birth_month="1965-01",
                    user=make_user(name=f"师{n}"),
                ),
                capacity=1 + n % 2,
            )
            for n in range(MENTORS - 1)
        ]  # fmt: skip
        self.mentees = [cast.mentee_row] + [
            make_cadre(unit=tree.shangshu, name=f"徒{n}", user=make_user(name=f"徒{n}"))
            for n in range(MENTEES - 1)
        ]
        self.users = [
            cast.county, cast.township, cast.mentor, cast.mentee, cast.other_county,
            self.mentors[1].cadre.user, self.mentees[1].user, cast.viewer,
        ]  # fmt: skip
        # Offices act more often than others.
        self.users += [cast.county, cast.township] * 2
        self.users = [User.objects.get(pk=user.pk) for user in self.users]
        self.offices = {cast.county.pk, cast.township.pk}
        self.today = timezone.localdate()
        self.events = Counter({cast.pairing.pk: cast.pairing.events.count()})
        for state, mentor, mentee in (
            (State.SUSPENDED, self.mentors[1], self.mentees[1]),
            (State.PROPOSED, self.mentors[2], self.mentees[2]),
        ):
            made = make_pairing(mentor=mentor, mentee=mentee, state=state)
            self.events[made.pk] = 1
        self.waived: set = set()
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def pair(self, number: int) -> Pairing:
        rows = list(Pairing.objects.for_detail().order_by("pk"))
        return rows[number % len(rows)]

    def attempt(self, name: str, work, *touched) -> None:
        """Either it is done with its events, or refused with nothing changed."""
        before = self.rows()
        try:
            with transaction.atomic():
                made = work()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except (StaleMove, ValueError, Refused, Irreversible):
            assert self.rows() == before
            return
        self.done[name] += 1
        for pairing in (*touched, *([made] if isinstance(made, Pairing) else [])):
            self.events[pairing.pk] += 1

    def rows(self) -> list:
        return list(
            Pairing.objects.order_by("pk").values_list(
                "pk", "state", "from_on", "to_on", "ended_on", "resumes_on", "ceremony_on"
            )
        )

    def settled(self, work, *, waiver: bool):
        """Once more with the warnings read, and with a waiver, as a person would."""
        try:
            with transaction.atomic():
                return work(read=[], waiver="")
        except Refused as refused:
            read = [row.code for row in refused.problems if row.severity == Severity.WARNING]
            return work(read=read, waiver="组织研究同意" if waiver else "")

    @rule(
        mentor=which, mentee=which, by=people, begins=days_off, months=st.integers(1, 400),
        role=st.sampled_from([Role.LEAD, Role.LEAD, Role.WORK, Role.LIFE]), waiver=st.booleans(),
    )  # fmt: skip
    def register(self, mentor, mentee, by, begins, months, role, waiver):
        row = self.mentors[mentor % len(self.mentors)]
        first = self.today + begins * DAY

        def work(**given):
            return propose(
                row, self.mentees[mentee % len(self.mentees)], by=self.users[by], from_on=first,
                to_on=first + months * DAY, method="assigned", role=role, **given,
            )  # fmt: skip

        self.attempt("register", lambda: self.settled(work, waiver=waiver))
        if waiver:
            self.waived.add(row.cadre_id)

    def pressed(self, pairing, verb, by, on, later, says=True):
        asks = {*MOVES[verb].asks, *MOVES[verb].offers}
        given: dict = {}
        if "on" in asks:
            given["on"] = self.today + on * DAY
        if "to_on" in asks:
            given["to_on"] = (pairing.to_on or self.today) + later * DAY
        if "resumes_on" in asks and later > 0:
            given["resumes_on"] = self.today + later * DAY
        if "ceremony_on" in asks and (says or verb == "ceremony"):
            given["ceremony_on"] = self.today + on * DAY
        if "cause" in asks and says:
            given["cause"] = "work"
        for name in ("reason", "document"):
            if name in asks and says:
                given[name] = "说明"
        self.attempt(verb, lambda: pairing.move(verb, by=by, **given), pairing)

    @rule(
        number=which, by=people, verb=st.sampled_from(sorted(MOVES)), on=days_off,
        later=st.integers(-20, 400), says=st.booleans(),
    )  # fmt: skip
    def press_anything(self, number, by, verb, on, later, says):
        """Any verb by anybody, with more or fewer of its fields filled in."""
        self.pressed(self.pair(number), verb, self.users[by], on, later, says)

    @rule(number=which, by=people, verb=which, on=st.integers(-10, 0), later=st.integers(1, 400))
    def press_what_is_offered(self, number, by, verb, on, later):
        """One of the buttons that a page shows to this person."""
        user, pairs = self.users[by], list(Pairing.objects.for_detail().order_by("pk"))
        offered = [(pair, name) for pair in pairs for name in pair.moves_for(user)]
        offered = [(pair, name) for pair, name in offered if name != "reverse"]
        if offered:
            pairing, name = offered[(number + verb) % len(offered)]
            self.pressed(pairing, name, user, on, later)

    @rule(number=which, by=people, verb=which)
    def confirm_or_approve(self, number, by, verb):
        """The way to an active pair, which chance alone seldom walks to its end."""
        user, pairs = self.users[by], list(Pairing.objects.waiting().for_detail().order_by("pk"))
        ahead = ("confirm_mentor", "confirm_mentee", "approve")
        offered = [(pair, name) for pair in pairs for name in pair.moves_for(user) if name in ahead]
        if offered:
            self.pressed(*offered[(number + verb) % len(offered)], user, 0, 1)

    @rule(number=which, by=people, on=days_off, mentor=which, waiver=st.booleans())
    def change(self, number, by, on, mentor, waiver):
        pairing, row = self.pair(number), self.mentors[mentor % len(self.mentors)]
        day = self.today + on * DAY

        def work(**given):
            return changing.change_mentor(
                pairing, row, by=self.users[by], on=day, to_on=day + 300 * DAY, reason="工作调整",
                document="安组〔2026〕9号", **given,
            )  # fmt: skip

        self.attempt("change", lambda: self.settled(work, waiver=waiver), pairing)
        if waiver:
            self.waived.add(row.cadre_id)

    @rule(number=which, by=people, on=days_off, mentor=which, lasts=st.integers(0, 60))
    def stand_in(self, number, by, on, mentor, lasts):
        pairing, row = self.pair(number), self.mentors[mentor % len(self.mentors)]
        day = self.today + on * DAY

        def work(**given):
            return changing.substitute(
                pairing, row, by=self.users[by], from_on=day, to_on=day + lasts * DAY,
                reason="外出培训", document="无", **given,
            )  # fmt: skip

        self.attempt("substitute", lambda: self.settled(work, waiver=True))
        self.waived.add(row.cadre_id)

    @rule(number=which, by=people)
    def take_back(self, number, by):
        moved = [
            (pairing, last)
            for pairing in Pairing.objects.for_detail().order_by("pk")
            if (last := reversing.last_step(pairing))
        ]
        if not moved:
            return
        pairing, last = moved[number % len(moved)]

        def work():
            return reversing.reverse(pairing, event=last.pk, by=self.users[by], reason="误操作")

        self.attempt("reverse", work, pairing)

    @precondition(lambda self: self.done["substitute"])
    @rule(ahead=st.integers(0, 1))
    def midnight(self, ahead):
        due = {row.pk: row.state for row in Pairing.objects.filter(role=Role.SUBSTITUTE)}
        substituting.lapse_due(self.today)
        for row in Pairing.objects.filter(pk__in=due):
            if row.state != due[row.pk]:
                self.events[row.pk] += 1
                self.done["lapse"] += 1

    @invariant()
    def a_mentee_has_one_lead_at_a_time(self):
        leads = defaultdict(list)
        for row in Pairing.objects.filter(role=Role.LEAD).exclude(state__in=CALLED_OFF):
            end = dt.date.max if row.ended_on is None else max(row.ended_on, row.from_on)
            leads[row.mentee_id].append((row.from_on, end))
        for spans in leads.values():
            spans = sorted(span for span in spans if span[0] < span[1])
            assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))

    @invariant()
    def events_tell_the_whole_life(self):
        for pairing in Pairing.objects.prefetch_related("events"):
            told = sorted(pairing.events.all(), key=lambda event: (event.at, event.pk))
            assert len(told) == self.events[pairing.pk]
            assert told[-1].to_state == pairing.state
            for one, two in itertools.pairwise(told):
                assert two.from_state == one.to_state
            standing = [event for event in told if event.stands]
            assert standing[-1].to_state == pairing.state
            assert len({event.reverses_id for event in told if event.reverses_id}) == sum(
                event.reverses_id is not None for event in told
            )

    @invariant()
    def days_and_states_agree(self):
        for row in Pairing.objects.all():
            assert (row.state in OPEN) == (row.ended_on is None)
            assert row.ended_on is None or row.ended_on <= self.today
            assert row.to_on is None or row.from_on <= row.to_on
            assert row.resumes_on is None or row.state == State.SUSPENDED
            assert (row.role == Role.SUBSTITUTE) == (row.stands_in_for_id is not None)
        now = Pairing.objects.with_state_on(self.today)
        assert [row.pk for row in now if row.state_on != row.state] == []

    @invariant()
    def nobody_takes_more_places_than_there_are_unless_it_was_allowed(self):
        taken = Counter(Pairing.objects.open().values_list("mentor_cadre", flat=True))
        for mentor in Mentor.objects.filter(cadre__in=taken):
            if mentor.cadre_id not in self.waived:
                assert taken[mentor.cadre_id] <= mentor.capacity

    @invariant()
    def only_the_office_did_what_is_the_offices(self):
        for pairing in Pairing.objects.prefetch_related("events"):
            for event in pairing.events.all():
                if event.verb in (*OFFICE_VERBS, "reverse"):
                    assert event.actor_id in self.offices
                if event.verb == "lapse":
                    assert event.actor_id is None


@pytest.mark.django_db
def test_random_steps_never_break_a_rule(cast, tree):
    done: Counter[str] = Counter()

    class Here(Lives):
        def teardown(self) -> None:
            done.update(self.done)
            super().teardown()

    Here.cast, Here.tree = cast, tree
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8,
            stateful_step_count=45,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Steps of many kinds were done, or the rules would have held for nothing.
    assert {"register", "reverse"} <= set(done)
    assert len(done) >= 10
