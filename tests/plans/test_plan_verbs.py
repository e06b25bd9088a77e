"""Who may do what to a plan and its steps, in which state."""

import uuid

import pytest
from django.db import IntegrityError

from plans import keeping
from plans.keeping import Line
from plans.models import Plan, PlanEvent, PlanStep, StaleMove
from plans.states import MOVES, STEP_MOVES, State, StepState
from tests.activities.making import make_session
from tests.plans.made import add_steps, again, agree, lines_of, make_agreed, make_draft, reread

OPEN_TO = {
    "draft": {"mentor": ["agree_mentor"], "mentee": ["agree_mentee"],
              "office": ["agree_mentor", "agree_mentee"]},
    "mentor_agreed": {"mentor": ["revise"], "mentee": ["agree_mentee", "revise"],
                      "office": ["agree_mentee", "revise"]},
    "mentee_agreed": {"mentor": ["agree_mentor", "revise"], "mentee": ["revise"],
                      "office": ["agree_mentor", "revise"]},
    "agreed": {"mentor": ["revise"], "mentee": ["revise"], "office": ["revise"]},
}  # fmt: skip


def people(cast):
    return {"mentor": cast.mentor, "mentee": cast.mentee, "office": cast.township}


@pytest.mark.parametrize("state", State.values)
def test_the_verbs_of_a_plan_by_state_and_role(cast, state):
    plan = make_agreed(cast)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    found = {role: reread(plan).moves_for(again(user)) for role, user in people(cast).items()}
    assert found == OPEN_TO[state]
    for user in (cast.viewer, cast.stranger, cast.sibling, cast.other_county):
        assert reread(plan).moves_for(again(user)) == []
        for verb in MOVES:
            with pytest.raises(StaleMove):
                agree(plan, verb, user)


@pytest.mark.parametrize("state", StepState.values)
def test_the_verbs_of_a_step_by_state(cast, state):
    step = make_agreed(cast).steps.get()
    PlanStep.objects.filter(pk=step.pk).update(state=state, reason="缘由")
    step = PlanStep.objects.select_related("plan__pairing__unit").get()
    expected = [verb for verb, move in STEP_MOVES.items() if StepState(state) in move.path]
    open_ones = ["done", "put_off", "drop"]
    assert expected == (open_ones if state in ("planned", "moved") else ["reopen"])
    for user in people(cast).values():
        assert step.moves_for(again(user)) == expected
    for user in (cast.viewer, cast.stranger, cast.other_county):
        assert step.moves_for(again(user)) == []


def test_both_say_yes_and_the_agreement_keeps_what_was_agreed(cast):
    plan = make_agreed(cast)
    assert (plan.state, plan.version) == ("agreed", 1)
    event = PlanEvent.objects.get(to_state="agreed")
    assert event.agreed == {"goals": "", "steps": [[plan.steps.get().month, "", "走村0"]]}
    assert [e.verb for e in plan.events.all()] == ["start", "agree_mentor", "agree_mentee"]


def test_the_office_says_yes_for_an_elder_and_it_is_marked(cast):
    plan = make_draft(cast)
    agree(plan, "agree_mentor", cast.township)
    agree(plan, "agree_mentee", cast.mentee)
    marks = dict(plan.events.values_list("verb", "is_on_behalf"))
    assert marks == {"start": False, "agree_mentor": True, "agree_mentee": False}


def test_nobody_agrees_to_what_they_have_not_read(cast):
    plan = make_draft(cast)
    read = plan.revision
    keeping.edit(
        plan, goals="新目标", lines=lines_of(plan), by=again(cast.mentor), seen=read, key=None
    )
    with pytest.raises(StaleMove):
        keeping.move(reread(plan), "agree_mentee", by=again(cast.mentee), seen=read, key=None)
    assert reread(plan).state == "draft"


def test_a_new_version_keeps_what_was_agreed_and_drops_what_is_left_out(cast):
    plan = make_agreed(cast, steps=2)
    agree(plan, "revise", cast.mentee)
    plan = reread(plan)
    assert (plan.state, plan.version, plan.agreed_at is None) == ("draft", 2, False)
    first, second = lines_of(plan)
    lines = [first._replace(text=""), second._replace(text="走遍"), Line(None, "", "", "读书")]
    keeping.edit(plan, goals="x", lines=lines, by=again(cast.mentor), seen=plan.revision, key=None)
    found = set(plan.steps.values_list("text", "state", "since_version"))
    assert found == {("走村0", "dropped", 1), ("走遍", "planned", 1), ("读书", "planned", 2)}


def test_a_step_that_was_never_agreed_goes_without_a_trace(cast):
    plan = make_draft(cast)
    lines = [lines_of(plan)[0]._replace(text="")]
    keeping.edit(plan, goals="", lines=lines, by=again(cast.mentor), seen=plan.revision, key=None)
    assert plan.steps.count() == 0


def test_a_step_is_put_off_with_its_reason_and_done_with_a_record(cast):
    plan = make_agreed(cast)
    step, by = plan.steps.get(), again(cast.mentee)
    step.plan = plan
    keeping.move_step(step, "put_off", by=by, key=None, reason="防汛", month="2027-03")
    step = PlanStep.objects.select_related("plan__pairing__unit").get()
    assert (step.state, step.month, step.reason) == ("moved", "2027-03", "防汛")
    session = make_session(pairing=cast.pairing)
    keeping.move_step(step, "done", by=by, key=None, session=session)
    step.refresh_from_db()
    assert (step.state, step.session) == ("done", session)
    put_off = PlanEvent.objects.get(verb="put_off")
    assert (put_off.reason, put_off.new_month, put_off.to_state) == ("防汛", "2027-03", "moved")


def test_a_pair_at_rest_changes_nothing(cast):
    plan = make_agreed(cast)
    cast.pairing.move("suspend", by=again(cast.county), reason="借调")
    with pytest.raises(StaleMove):
        agree(plan, "revise", cast.mentee)
    # Read before the suspension: the pair's row is asked again under its lock.
    step = plan.steps.get()
    step.plan = plan
    with pytest.raises(StaleMove):
        keeping.move_step(step, "done", by=again(cast.mentee), key=None)
    assert PlanStep.objects.get().state == "planned"


def test_the_database_refuses_a_second_plan_and_a_put_off_without_reason(cast, db):
    plan = make_agreed(cast)
    add_steps(plan, 1)
    with pytest.raises(IntegrityError):
        PlanStep.objects.filter(plan=plan).update(state="moved", reason="")


def test_a_second_plan_of_a_pair_is_the_first(cast):
    plan = make_draft(cast)
    found = keeping.start(cast.pairing, by=again(cast.mentor), key=uuid.uuid4())
    assert found == plan
    assert Plan.objects.count() == 1
