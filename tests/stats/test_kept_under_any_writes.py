"""Whatever offices write, and whenever the worker looks: what is kept is what is counted now."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from activities.models import Assignment, AssignmentState, Review, Session, Submission, Visit
from certificates.models import Certificate
from pairings.models import Pairing
from stats import figures, rolling, tallies
from stats.cuts import Cut
from stats.indicators import sections
from tests.factories import make_grant, make_user
from tests.snapshots.later import Office, verbs
from tests.stats.population import START, TODAY, Dice, populate

CUT = Cut.at(TODAY)
RECORDS = ("set_a_task", "hand_in", "accept", "withdraw_a_task", "void_a_certificate",
           "correct_a_session", "delete_a_visit")  # fmt: skip
WORKER = "let_the_worker_look"
quick = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Everybody(Office):
    """The offices, and mentors and mentees with their records."""

    def task(self) -> Assignment:
        return self.one(Assignment.objects.filter(state=AssignmentState.SET))

    def decide(self, state: AssignmentState) -> Assignment:
        task = self.task()
        Assignment.objects.filter(pk=task.pk).update(state=state, decided_at=self.moment())
        return task

    def moment(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.day(), dt.time(9)))

    def set_a_task(self) -> None:
        made = Assignment.objects.create(
            pairing=self.one(Pairing.objects.all()), title="调研", due_on=self.last
        )
        Assignment.objects.filter(pk=made.pk).update(created_at=self.moment())

    def hand_in(self) -> None:
        made = Submission.objects.create(assignment=self.task(), text="交")
        Submission.objects.filter(pk=made.pk).update(created_at=self.moment())

    def accept(self) -> None:
        self.decide(AssignmentState.ACCEPTED)

    def withdraw_a_task(self) -> None:
        task = self.decide(AssignmentState.WITHDRAWN)
        made = Review.objects.create(assignment=task, verdict=AssignmentState.WITHDRAWN)
        Review.objects.filter(pk=made.pk).update(created_at=self.moment())

    def void_a_certificate(self) -> None:
        valid = self.one(Certificate.objects.filter(voided_at=None))
        Certificate.objects.filter(pk=valid.pk).update(
            voided_at=self.moment(), voided_by=self.user, void_reason="有误"
        )

    def correct_a_session(self) -> None:
        session = self.one(Session.objects.all())
        Session.objects.filter(pk=session.pk).update(happened_on=self.day())

    def delete_a_visit(self) -> None:
        Visit.objects.filter(pk=self.one(Visit.objects.all()).pk).delete()

    def let_the_worker_look(self) -> None:
        rolling.work(seconds=60)


WRITES = sorted([*verbs(), *RECORDS])
# What undoes something needs that to have been done.
LATER = {"part_two", "include_again", "reopen_an_entry"}


@pytest.fixture
def user(tree, monkeypatch):
    """Every unit above the counties is large, and the answer of the whole country is kept."""
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)
    populate(tree, 71, people=40, records=60)
    user = make_user(name="省委组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=tree.province)
    tallies.wish(figures.nation(), CUT)
    rolling.work(seconds=60)
    return user


def said(unit, **only) -> dict[str, dict[str, int]]:
    return {line.key: line.counts for line in figures.table(unit, TODAY, **only).lines}


def counted(unit, **only) -> dict[str, dict[str, int]]:
    """The same counted anew, whatever is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallies, "LIVE_PAIRS", 10**9)
        return said(unit, **only)


def everybody(user, number: int) -> Everybody:
    return Everybody(user, Dice(number), first=START, last=TODAY)


@given(
    number=st.integers(0, 2**30),
    chosen=st.lists(st.sampled_from([*WRITES, WORKER, WORKER]), min_size=6, max_size=15),
)
@quick
def test_the_kept_answer_is_a_new_counts_after_every_write(tree, user, number, chosen):
    with transaction.atomic():
        writer, codes = everybody(user, number), [section.code for section in sections()]
        for verb in chosen:
            if not writer.try_to(verb):
                continue
            shown = {writer.chance.choice(codes)}
            assert said(tree.city, only=shown) == counted(tree.city, only=shown), (verb, shown)
        for unit in (figures.nation(), tree.province, tree.city):
            assert said(unit) == counted(unit), chosen
        transaction.set_rollback(True)


def test_each_kind_of_write_happens_and_the_answer_follows(tree, user):
    for write in WRITES:
        with transaction.atomic():
            writer = everybody(user, 5)
            assert any(writer.try_to(write) for _ in range(30)) or write in LATER, write
            assert said(tree.city) == counted(tree.city), write
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("table", "verb", "write"),
    [
        ("cadres_cadre", "update", "correct_a_person"),
        ("mentors_mentor", "update", "end_a_mentor"),
        ("activities_visit", "delete", "delete_a_visit"),
        ("certificates_certificate", "update", "void_a_certificate"),
    ],
)
def test_without_its_trigger_a_write_is_missed(tree, user, table, verb, write):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_touches_on_{verb} ON {table}")
    writer = everybody(user, 5)
    assert any(
        writer.try_to(write) and said(figures.nation()) != counted(figures.nation())
        for _ in range(20)
    )
