"""The nation of invented people: what triggers would have kept right is right."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from activities.models import Assignment, Session, Visit
from cadres.models import Cadre, Mentee
from mentoring.demo import nation
from mentors.models import Mentor
from pairings.models import Pairing
from stats import figures

SCALE = 0.0005
PAIRS, RECORDS = 500, 10_000


@pytest.fixture
def seeded(tree):
    today = timezone.localdate()
    return list(nation.seed(scale=SCALE, seed=7, today=today))


def test_so_many_pairs_and_records_as_were_asked_for(seeded):
    assert Pairing.objects.count() == PAIRS
    assert Mentee.objects.count() == PAIRS * 21 // 20
    records = [model.objects.count() for model in (Session, Visit, Assignment)]
    assert records == [RECORDS // 2, RECORDS * 3 // 10, RECORDS // 5]
    written = {each.table: each.rows for each in seeded if each.table != "mentors_mentor"}
    assert written["activities_session"] == RECORDS // 2


def test_nothing_is_in_it_that_a_trigger_would_have_kept_out(seeded, tree):
    assert nation.faults() == {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE activities_visit SET city_id = %s WHERE true", [tree.anji.pk])
        cursor.execute("UPDATE mentors_mentor SET pinyin = 'x'")
        cursor.execute("DELETE FROM cadres_cadre WHERE id IN (SELECT cadre_id FROM cadres_mentee)")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert {
        "activities_visit stands elsewhere than its unit": RECORDS * 3 // 10,
        "cadres_mentee.cadre_id": PAIRS * 21 // 20,
        "pairings_pairing.mentee_id": PAIRS,
    }.items() <= nation.faults().items()


def test_every_kind_of_figure_is_filled(seeded, tree):
    table = figures.table(tree.city, timezone.localdate())
    found = table.total.counts
    for code in ("mentors", "mentors_once_mentees", "mentees", "mentees_exempt", "pairs_suspended",
                 "pairs_waiting", "terminated_in_period", "sessions_review", "visits_together",
                 "assignments_accepted"):  # fmt: skip
        assert found[code] > 0, code
    assert [line.counts["people"] > 0 for line in table.parts] == [False, True, True, False]


def test_the_same_seed_gives_the_same_people(tree):
    def names() -> list[tuple[str, str]]:
        for _ in nation.seed(scale=SCALE, seed=7, today=dt.date(2026, 11, 1)):
            pass
        return sorted(Cadre.objects.values_list("name", "unit__name"))

    first = names()
    assert Mentor.objects.count() > PAIRS * 2 // 5
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE cadres_cadre CASCADE")
        cursor.execute("DROP TABLE names, counties, people, pairs, begun")
    assert names() == first


def test_nobody_is_overwritten(cast):
    before = Cadre.objects.count()
    with pytest.raises(CommandError, match="库中已有人员"):
        call_command("seed_nation", "--scale", "0.001")
    assert Cadre.objects.count() == before
