"""Two clicks at the same moment, on the real database."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection

from plans import keeping
from plans.models import Plan, PlanEvent, PlanStep, StaleMove
from tests.plans.made import again, make_agreed, make_draft, reread

everywhere = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts):
    start, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except StaleMove:
            raised.append("StaleMove")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def step_again(step):
    return PlanStep.objects.select_related(
        "plan__pairing__unit", "plan__pairing__mentor_cadre", "plan__pairing__mentee"
    ).get(pk=step.pk)


@everywhere
def test_four_who_start_at_once_share_one_plan(cast):
    people = (cast.mentor, cast.mentee, cast.mentor, cast.mentee)
    acts = [
        partial(keeping.start, cast.pairing, by=again(user), key=uuid.uuid4()) for user in people
    ]
    assert at_once(*acts) == []
    assert Plan.objects.count() == 1
    assert PlanEvent.objects.filter(verb="start").count() == 1


@everywhere
def test_done_and_dropped_at_once_is_one_of_them(cast):
    step = make_agreed(cast).steps.get()
    acts = [
        partial(
            keeping.move_step, step_again(step), verb, by=again(cast.mentor), key=None, reason="x"
        )
        for verb in ("done", "drop") * 2
    ]
    assert at_once(*acts) == ["StaleMove"] * 3
    assert PlanEvent.objects.filter(step=step).count() == 1


@everywhere
def test_one_form_sent_four_times_counts_once_and_nobody_is_refused(cast):
    plan, key = make_draft(cast), uuid.uuid4()
    acts = [
        partial(
            keeping.edit, reread(plan), goals="目标", lines=[keeping.Line(None, "", "", "走村")],
            by=again(cast.mentee), seen=plan.revision, key=key,
        )
        for _ in range(4)
    ]  # fmt: skip
    assert at_once(*acts) == []
    assert plan.steps.filter(text="走村").count() == 1
    assert PlanEvent.objects.filter(verb="edit").count() == 1
