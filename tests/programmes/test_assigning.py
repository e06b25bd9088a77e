"""The job that assigns a whole programme: what it writes, for whom, and what may happen to it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from pairings.models import Policy
from programmes import assigning, runs, tasks
from programmes.models import (
    AssignmentRun,
    ForbiddenPair,
    NotNow,
    PlannedPair,
    ProgrammeEvent,
    RunState,
)
from programmes.sides import read
from programmes.states import State
from tests.factories import make_mentee, make_pairing
from tests.programmes.assignments import drawing_up, listed, mentee, mentor
from tests.programmes.made import make_wish


def assigned(programme, by):
    run = runs.start(programme, by=by, key=None)
    assert assigning.run(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def programme(cast, tree):
    return drawing_up(tree.anji)


def test_everybody_is_given_the_mentor_with_whom_all_have_the_most(cast, tree, programme):
    """Each of the two would rather have the near one; the one who is near gets him."""
    mentor(tree.shangshu, "近师傅")
    mentor(tree.dipu, "远师傅")
    mentee(tree.liujiatang, "甲")
    mentee(tree.dipu, "乙")
    run = assigned(programme, cast.county)
    assert listed(programme) == [
        ("远师傅", "乙", "suggested", False),
        ("近师傅", "甲", "suggested", False),
    ]
    assert (run.state, run.failure, run.created_by) == ("done", "", cast.county)
    named = {key: run.figures[key] for key in ("mentees", "placed", "kept", "left", "is_estimate")}
    assert named == {"mentees": 2, "placed": 2, "kept": 0, "left": [], "is_estimate": False}
    assert {row.created_by for row in programme.planned.all()} == {cast.county}
    event = ProgrammeEvent.objects.get(programme=programme, verb="assign")
    assert (event.actor, event.reason, event.to_state) == (cast.county, "2/2", State.MATCHING)


def test_the_figures_are_what_a_second_computation_says(cast, tree, programme):
    for number in range(4):
        mentor(tree.shangshu, f"师傅{number}", capacity=1 + number % 2)
        mentee(tree.liujiatang, f"学员{number}")
        mentee(tree.dipu, f"干部{number}")
    run = assigned(programme, cast.county)
    sides = read(programme)
    (area,) = sides.areas.values()
    table = area.task(sides.weights, sides.tables)
    at = {side.cadre_pk: row for row, side in enumerate(area.mentees)}
    column = {side.pk: number for number, side in enumerate(area.mentors)}
    couples = [(at[row.mentee_id], column[row.mentor_id]) for row in programme.planned.all()]
    assert run.figures["points"] == sum(int(table.scores[couple]) for couple in couples)
    assert run.figures["places"] == int(table.places.sum()) == 7
    assert (run.figures["placed"], len(run.figures["left"])) == (len(couples), 1) == (7, 1)
    assert run.figures["mentors"] == 5  # 褚师傅 has one place left
    again = assigned(programme, cast.county)
    strip = {"seconds"}
    assert {k: v for k, v in again.figures.items() if k not in strip} == {
        k: v for k, v in run.figures.items() if k not in strip
    }


def test_what_is_fixed_or_chosen_stays_and_forbidden_couples_are_not_made(cast, tree, programme):
    near, far = mentor(tree.shangshu, "近师傅"), mentor(tree.dipu, "远师傅", capacity=2)
    one, two, three = (mentee(tree.liujiatang, name) for name in ("甲", "乙", "丙"))
    fixed = PlannedPair.objects.create(
        programme=programme, mentor=far, mentee=one, is_fixed=True, origin="suggested"
    )
    old = PlannedPair.objects.create(
        programme=programme, mentor=far, mentee=two, origin="suggested"
    )
    ForbiddenPair.objects.create(programme=programme, mentor=near, mentee=two, reason="亲属")
    cast.mentor_row.capacity = 1
    cast.mentor_row.save()
    run = assigned(programme, cast.county)
    assert listed(programme) == [
        ("近师傅", "丙", "suggested", False),
        ("远师傅", "乙", "suggested", False),
        ("远师傅", "甲", "suggested", True),
    ]
    assert PlannedPair.objects.filter(pk=fixed.pk).exists()
    assert not PlannedPair.objects.filter(pk=old.pk).exists()
    assert (run.figures["kept"], run.figures["places"]) == (1, 2)
    assert three


def test_who_is_left_is_named_by_id_with_the_reason(cast, tree, programme):
    cast.mentor_row.capacity = 1  # taken by his mentee
    cast.mentor_row.save()
    only = mentor(tree.shangshu, "师傅")
    lucky, late = mentee(tree.liujiatang, "甲"), mentee(tree.department, "乙")
    alone = mentee(tree.dipu, "丙")
    for row in (only, cast.mentor_row):
        ForbiddenPair.objects.create(programme=programme, mentor=row, mentee=alone, reason="回避")
    run = assigned(programme, cast.county)
    assert [row[:2] for row in listed(programme)] == [("师傅", "甲")]
    assert sorted(run.figures["left"]) == sorted(
        [[str(late.pk), "no_place"], [str(alone.pk), "no_candidate"]]
    )
    assert lucky.name not in str(run.figures)


def test_who_has_a_lead_is_exempt_or_gone_is_left_out(cast, tree, programme):
    one = mentor(tree.shangshu, "师傅", capacity=9)
    gone = mentee(tree.dipu, "走")
    gone.left_on = dt.date(2026, 11, 1)
    gone.save()
    exempt = mentee(tree.dipu, "免").menteeships.get()
    exempt.exempt(from_on=dt.date(2026, 11, 1), to_on=None, reason="病假", by=cast.county)
    worked = mentee(tree.dipu, "业务")
    make_pairing(mentor=one, mentee=worked, role="work")
    make_mentee(cadre=cast.mentor_row.cadre, category=worked.menteeships.get().category)
    run = assigned(programme, cast.county)
    # 业务 has a work mentor who cannot be the lead as well; 褚师傅 cannot be his own.
    assert [row[:2] for row in listed(programme)] == [("褚师傅", "业务"), ("师傅", "褚师傅")]
    assert run.figures["mentees"] == 2


def test_nobody_of_another_county_is_in_it_not_even_for_the_city(cast, tree):
    """He would be the best by far; the programme of the city keeps each county to itself."""
    foreign = mentor(tree.yuyue, "德清师傅", capacity=9)
    mentor(tree.dipu, "递铺师傅", capacity=9)
    own = mentee(tree.yuyue, "德清学员")
    mentee(tree.liujiatang, "安吉学员")
    county, city = drawing_up(tree.anji), drawing_up(tree.city, title="全市")
    run = assigned(county, cast.county)
    assert [row[:2] for row in listed(county)] == [("递铺师傅", "安吉学员")]
    assert str(own.pk) not in str(run.figures)
    assert run.figures["counties"] == 1
    whole = assigned(city, cast.county)
    assert sorted(row[:2] for row in listed(city)) == [
        ("德清师傅", "德清学员"), ("递铺师傅", "安吉学员"),
    ]  # fmt: skip
    assert (whole.figures["counties"], whole.figures["placed"]) == (2, 2)
    assert foreign


def test_wishes_decide_by_the_weight_that_the_rule_gives_them(cast, tree, programme):
    near, far = mentor(tree.shangshu, "近师傅"), mentor(tree.dipu, "远师傅")
    one, two = mentee(tree.liujiatang, "甲"), mentee(tree.dipu, "乙")
    for side in ("mentor", "mentee"):
        make_wish(programme=programme, side=side, mentor=far, mentee=one)
    make_wish(programme=programme, side="mentee", mentor=near, mentee=two, withdrawn_at=None)
    assigned(programme, cast.county)
    assert [row[:2] for row in listed(programme)] == [("近师傅", "乙"), ("远师傅", "甲")]
    programme.preferences.update(withdrawn_at=timezone.now())
    assigned(programme, cast.county)
    assert [row[:2] for row in listed(programme)] == [("远师傅", "乙"), ("近师傅", "甲")]
    programme.preferences.update(withdrawn_at=None)
    Policy.objects.create(
        unit=tree.anji, from_on=dt.date(2026, 1, 1), basis="安", weights={"wishes": 0}
    )
    assigned(programme, cast.county)
    assert [row[:2] for row in listed(programme)] == [("远师傅", "乙"), ("近师傅", "甲")]


@pytest.mark.parametrize("number", [1, 3])
def test_both_sides_are_read_by_the_same_queries_for_one_and_three(
    cast, tree, programme, number, django_assert_num_queries
):
    for each in range(number):
        one = mentor(tree.shangshu, f"师傅{each}", capacity=3)
        make_wish(
            programme=programme, side="mentee", mentor=one, mentee=mentee(tree.dipu, f"{each}")
        )
    # Rows that stay, forbidden couples; the rule; open and earlier pairs; strengths, mentors;
    # wishes, mentees.
    with django_assert_num_queries(9):
        sides = read(programme)
    assert sides.mentees == number


def test_a_list_that_may_not_be_changed_any_more_is_left_alone(cast, tree, programme):
    mentor(tree.shangshu, "师傅")
    mentee(tree.dipu, "甲")
    run = runs.start(programme, by=cast.county, key=None)
    programme.move("check", by=cast.county)
    assert assigning.run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure, listed(programme)) == ("failed", "closed", [])
    with pytest.raises(NotNow):
        runs.start(programme, by=cast.county, key=None)
    assert AssignmentRun.objects.count() == 1
    assert assigning.run(run.pk) is False


def test_moved_on_while_it_was_worked_out_nothing_is_written(cast, tree, programme, monkeypatch):
    mentor(tree.shangshu, "师傅")
    mentee(tree.dipu, "甲")
    found = assigning.drafted

    def slowly(sides, tell):
        type(programme).objects.get(pk=programme.pk).move("check", by=cast.county)
        return found(sides, tell)

    monkeypatch.setattr(assigning, "drafted", slowly)
    run = assigned(programme, cast.county)
    assert (run.state, run.failure, listed(programme)) == ("failed", "closed", [])


def test_a_row_fixed_while_it_was_worked_out_is_seen(cast, tree, programme, monkeypatch):
    only = mentor(tree.shangshu, "师傅")
    mentee(tree.liujiatang, "甲")
    slow = mentee(tree.dipu, "乙")
    cast.mentor_row.capacity = 1
    cast.mentor_row.save()
    found, calls = assigning.drafted, []

    def slowly(sides, tell):
        if not calls:
            PlannedPair.objects.create(programme=programme, mentor=only, mentee=slow)
        calls.append(1)
        return found(sides, tell)

    monkeypatch.setattr(assigning, "drafted", slowly)
    run = assigned(programme, cast.county)
    assert (len(calls), run.state) == (2, "done")
    assert [row[:2] for row in listed(programme)] == [("师傅", "乙")]


def test_interrupted_several_times_it_is_given_up(cast, tree, programme, monkeypatch):
    def broken(sides, tell):
        raise MemoryError

    monkeypatch.setattr(assigning, "drafted", broken)
    run = runs.start(programme, by=cast.county, key=None)
    for _ in range(assigning.MOST_TRIES):
        with pytest.raises(MemoryError):
            assigning.run(run.pk)
        assert AssignmentRun.objects.get().state == RunState.RUNNING
        assert assigning.left_alone() == [run.pk]
    tasks.resume()
    run.refresh_from_db()
    assert (run.state, run.failure, listed(programme)) == ("failed", "interrupted", [])


def test_a_killed_workers_run_is_taken_up_when_its_lease_has_run_out(cast, tree, programme):
    mentor(tree.shangshu, "师傅")
    mentee(tree.dipu, "甲")
    run = runs.start(programme, by=cast.county, key=None)
    run.swap(RunState.RUNNING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_assignmentrun SET tries = 1,"
                       " lease_until = clock_timestamp() + interval '50 seconds'")  # fmt: skip
    assert assigning.left_alone() == []
    tasks.resume()
    assert assigning.run(run.pk) is False
    assert listed(programme) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_assignmentrun"
                       " SET lease_until = clock_timestamp() - interval '1 second'")  # fmt: skip
    tasks.resume()
    run.refresh_from_db()
    assert (run.state, len(listed(programme))) == ("done", 1)
    tasks.resume()
    assert ProgrammeEvent.objects.filter(programme=programme, verb="assign").count() == 1


def test_pressed_again_while_it_is_under_way_it_is_the_same_run(cast, programme):
    one = runs.start(programme, by=cast.county, key=None)
    assert runs.start(programme, by=cast.township, key=None) == one
    assert AssignmentRun.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_who_press_at_once_make_one_run(cast, programme):
    ready, found = threading.Barrier(8), []

    def press():
        try:
            ready.wait(10)
            found.append(runs.start(programme, by=cast.county, key=None).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(found), len({*found}), AssignmentRun.objects.count()) == (8, 1, 1)


def test_a_run_says_nothing_of_nobody(cast, tree, programme):
    cast.mentee_entry.end(on=dt.date(2026, 11, 20), reason="调出", by=cast.county)
    run = assigned(programme, cast.county)
    assert (run.state, run.figures["mentees"], run.figures["left"]) == ("done", 0, [])
