"""What stood on a day: moves, endings, homonyms and boundaries."""

from __future__ import annotations

import datetime as dt

from activities.models import Assignment, Session
from cadres.models import Posting
from mentors.models import MentorCategory
from pairings.models import PairingEvent
from pairings.states import State
from stats import figures
from tests.factories import make_cadre, make_mentor, make_pairing, make_unit
from units.tree import move

D = dt.date


def counts(unit, day, **asked) -> dict[str, int]:
    return dict(figures.table(unit, day, **asked).total.counts)


def end(pairing, state, on):
    PairingEvent.objects.create(pairing=pairing, verb="x", to_state=state, on=on)
    pairing.state, pairing.ended_on = state, on
    pairing.save()


def test_a_pair_that_ended_still_ran_on_the_days_before(cast, tree):
    end(cast.pairing, State.COMPLETED, D(2026, 9, 1))
    found = {
        day: tuple(
            counts(tree.anji, day)[code]
            for code in ("pairs_running", "mentees", "pairs_completed", "completed_in_period")
        )
        for day in (D(2026, 2, 28), D(2026, 3, 1), D(2026, 8, 31), D(2026, 9, 1))
    }
    assert found == {
        D(2026, 2, 28): (0, 0, 0, 0),
        D(2026, 3, 1): (1, 1, 0, 0),
        D(2026, 8, 31): (1, 1, 0, 0),
        D(2026, 9, 1): (0, 0, 1, 1),
    }


def test_a_person_who_moved_to_another_county_counts_where_the_post_was_that_day(cast, tree):
    cast.mentee_row.move_to(tree.yuyue, on=D(2026, 7, 1))
    found = {
        (unit.name, day): (numbers["mentees"], numbers["people"], numbers["pairs_running"])
        for unit in (tree.anji, tree.deqing, tree.city)
        for day in (D(2026, 6, 30), D(2026, 7, 1))
        for numbers in [counts(unit, day)]
    }
    # The pair stays where it was formed; the person is counted at the post of the day.
    assert found == {
        ("安吉县", D(2026, 6, 30)): (1, 2, 1),
        ("安吉县", D(2026, 7, 1)): (0, 1, 1),
        ("德清县", D(2026, 6, 30)): (0, 0, 0),
        ("德清县", D(2026, 7, 1)): (1, 1, 0),
        ("湖州市", D(2026, 6, 30)): (1, 2, 1),
        ("湖州市", D(2026, 7, 1)): (1, 2, 1),
    }


def test_homonyms_are_two_and_two_mentors_of_one_mentee_are_one_mentee(cast, tree):
    namesake = make_cadre(unit=tree.dipu, name="马徒弟", birth_month="1998-07")
    second = make_mentor(cadre=make_cadre(unit=tree.dipu, name="褚师傅"))
    make_pairing(mentor=second, mentee=namesake)
    make_pairing(mentor=second, mentee=cast.mentee_row, role="work")
    found = counts(tree.anji, D(2026, 6, 30))
    assert (found["mentees"], found["pairs_running"], found["mentors"]) == (2, 3, 2)


def test_a_mentor_appointed_anew_on_the_last_day_counts_once_in_the_new_category(cast, tree):
    old = cast.mentor_row
    old.state, old.to_on = "ended", D(2026, 6, 30)
    old.save()
    new = MentorCategory.objects.last()
    make_mentor(cadre=old.cadre, category=new, from_on=D(2026, 6, 30))
    found = counts(tree.anji, D(2026, 6, 30))
    assert (found["mentors"], found[f"mentors_category_{old.category_id}"]) == (1, 0)
    assert found[f"mentors_category_{new.pk}"] == 1


def test_two_main_posts_on_one_day_are_one_person_at_the_later_one(tree):
    cadre = make_cadre(unit=tree.shangshu)
    Posting.objects.filter(cadre=cadre).update(to_on=D(2026, 6, 30))
    Posting.objects.create(cadre=cadre, unit=tree.yuyue, from_on=D(2026, 6, 15))
    day = D(2026, 6, 20)
    found = [counts(unit, day)["people"] for unit in (tree.anji, tree.deqing, tree.city)]
    assert found == [0, 1, 1]


def test_35_counts_in_and_36_does_not_and_an_unknown_month_is_in_the_whole_alone(tree):
    for month in ("1990-06", "1990-07", "1990-08", ""):
        make_cadre(unit=tree.shangshu, birth_month=month)
    found = counts(tree.anji, D(2026, 6, 30))
    assert (found["people_young"], found["people"]) == (2, 4)
    assert counts(tree.anji, D(2026, 6, 30), age=36)["people_young"] == 3


def test_the_higher_of_both_educations_counts_and_college_does_not(tree):
    for first, later in (("31", "21"), ("14", ""), ("", "11"), ("31", "31"), ("61", ""), ("", "")):
        make_cadre(unit=tree.shangshu, education=first, later_education=later)
    found = counts(tree.anji, D(2026, 6, 30))
    assert (found["people_graduate"], found["people"]) == (3, 6)


def test_somebody_who_left_counts_on_the_last_day_and_not_after(tree):
    make_cadre(unit=tree.shangshu).leave(on=D(2026, 6, 30), reason="退休")
    found = [counts(tree.anji, day)["people"] for day in (D(2026, 6, 30), D(2026, 7, 1))]
    assert found == [1, 0]


def test_a_pair_whose_mentee_has_no_post_that_day_is_told_and_not_lost(cast, tree):
    cast.mentee_row.leave(on=D(2026, 5, 1), reason="调离")
    table = figures.table(tree.anji, D(2026, 6, 30))
    numbers = table.total.counts
    assert (numbers["pairs_running"], numbers["mentees"], table.unposted) == (1, 0, 1)


def test_records_count_on_both_ends_of_the_period_by_local_days(cast, tree):
    for day in (D(2025, 12, 31), D(2026, 1, 1), D(2026, 6, 30), D(2026, 7, 1)):
        Session.objects.create(pairing=cast.pairing, happened_on=day, method="case", topic="村情")
        task = Assignment.objects.create(pairing=cast.pairing, title="调研", due_on=day)
        # 23:30 in Shanghai is the afternoon of the same day in UTC; 00:30 the evening before.
        for hour in (0, 23):
            moment = dt.datetime(
                day.year, day.month, day.day, hour, 30, tzinfo=dt.timezone(dt.timedelta(hours=8))
            )
            Assignment.objects.filter(pk=task.pk).update(created_at=moment)
            task = Assignment.objects.create(pairing=cast.pairing, title="调研", due_on=day)
        task.delete()
    found = counts(tree.anji, D(2026, 6, 30))
    assert (found["sessions"], found["sessions_case"], found["assignments_set"]) == (2, 2, 4)


def test_departments_and_stations_stand_in_the_units_own_row(tree):
    zone = make_unit(name="杨家埠街道", kind="township", parent=tree.zone)
    station = make_unit(name="司法所", kind="station", parent=tree.shangshu)
    for unit in (tree.anji, tree.department, station, tree.liujiatang, zone):
        make_cadre(unit=unit)

    def rows(unit):
        table = figures.table(unit, D(2026, 6, 30))
        return [(line.name, line.counts["people"]) for line in table.lines]

    assert rows(tree.anji) == [
        ("合计", 4), ("安吉县本级", 2), ("递铺街道", 0), ("上墅乡", 2)
    ]  # fmt: skip
    assert rows(tree.shangshu) == [("合计", 2), ("上墅乡本级", 1), ("刘家塘村", 1)]
    assert rows(tree.city) == [
        ("合计", 5), ("湖州市本级", 0), ("德清县", 0), ("安吉县", 4), ("南太湖新区", 1)
    ]  # fmt: skip


def test_a_closed_unit_keeps_its_row_only_where_it_has_figures(tree):
    make_cadre(unit=tree.shangshu)
    for unit in (tree.shangshu, tree.dipu):
        unit.closed_on = D(2026, 1, 1)
        unit.save()
    names = [line.name for line in figures.table(tree.anji, D(2026, 6, 30)).parts]
    assert names == ["安吉县本级", "上墅乡"]
    names = [line.name for line in figures.table(tree.anji, D(2025, 6, 30)).parts]
    assert names == ["安吉县本级", "递铺街道", "上墅乡"]


def test_a_category_out_of_use_has_a_column_only_where_it_counts_somebody(cast, tree):
    unused, used = MentorCategory.objects.last(), cast.mentor_row.category
    MentorCategory.objects.filter(pk__in=[unused.pk, used.pk]).update(is_active=False)
    codes = {column.code for column in figures.table(tree.anji, D(2026, 6, 30)).columns}
    assert f"mentors_category_{used.pk}" in codes
    assert f"mentors_category_{unused.pk}" not in codes


def test_a_unit_that_moved_away_keeps_its_row_for_the_days_before(cast, tree):
    """Its people of then are counted with the old county, and with the new one from the day on."""
    day, before = D(2026, 6, 1), D(2026, 5, 31)
    Session.objects.create(
        pairing=cast.pairing, unit=tree.shangshu, happened_on=before, method="review", topic="先前"
    )
    move(tree.shangshu, tree.deqing, on=day, by=cast.county)

    def rows(unit, as_of):
        table = figures.table(unit, as_of, D(2026, 5, 1))
        codes = ("people", "sessions")
        return {line.name: tuple(line.counts[code] for code in codes) for line in table.lines}

    assert rows(tree.anji, before) == {
        "合计": (2, 1), "安吉县本级": (0, 0), "上墅乡": (2, 1), "递铺街道": (0, 0),
    }  # fmt: skip
    assert rows(tree.deqing, before) == {
        "合计": (0, 0), "德清县本级": (0, 0), "上墅乡": (0, 0), "禹越镇": (0, 0),
    }  # fmt: skip
    assert rows(tree.anji, day) == {
        "合计": (0, 1), "安吉县本级": (0, 0), "上墅乡": (0, 1), "递铺街道": (0, 0),
    }  # fmt: skip
    assert rows(tree.deqing, day) == {
        "合计": (2, 0), "德清县本级": (0, 0), "上墅乡": (2, 0), "禹越镇": (0, 0),
    }  # fmt: skip
