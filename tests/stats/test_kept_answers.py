"""What is kept of a large unit's answer, and what of it holds after each kind of write."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from activities.models import Assignment, Session, Submission, Visit
from cadres.models import Cadre, Exemption, Mentee, MenteeCategory, Posting
from certificates.models import Certificate
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent, Policy
from stats import figures, rolling, tallies
from stats.cuts import Cut
from stats.indicators import PAIRS_RUNNING
from stats.models import Check, Question, Tally, Touched, Wish
from tests.factories import make_cadre, make_mentor, make_pairing, make_unit
from tests.stats.population import TODAY, populate
from units import tree as moving
from units.models import Unit

CUT = Cut.at(TODAY)


@pytest.fixture
def large(monkeypatch):
    """Every unit above the counties is large: its answer is kept."""
    monkeypatch.setattr(tallies, "LIVE_PAIRS", 0)


def said(table) -> dict[str, dict[str, int]]:
    return {
        line.key: counts
        for line in table.lines
        if (counts := {code: n for code, n in line.counts.items() if n})
    }


def now(unit) -> dict[str, dict[str, int]]:
    """The same counted anew, whatever is kept."""
    before, tallies.LIVE_PAIRS = tallies.LIVE_PAIRS, 10**9
    try:
        return said(figures.table(unit, TODAY))
    finally:
        tallies.LIVE_PAIRS = before


def keep(*units) -> None:
    for unit in units:
        tallies.wish(unit, CUT)
    rolling.work(seconds=60)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_answer_that_is_kept_is_the_one_counted_now(tree, large, seed):
    populate(tree, seed)
    keep(figures.nation(), tree.city)
    assert not Touched.objects.exists()
    for unit in (figures.nation(), tree.province, tree.city):
        kept = said(figures.table(unit, TODAY))
        assert kept == now(unit)
        assert kept["total"]


def test_of_a_kept_answer_one_section_is_read(tree, large):
    populate(tree, 3)
    keep(tree.city)
    every = figures.table(tree.city, TODAY)
    for section in every.every:
        alone = figures.table(tree.city, TODAY, only={section.code}).total.counts
        assert alone == {code: every.total.counts[code] for code in alone}
        assert any(alone.values())


def test_a_series_of_a_large_unit_is_kept_day_by_day(tree, large, monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_COUNTIES", 1)
    populate(tree, 3)
    cuts = [CUT, Cut.at(dt.date(2026, 6, 30), dt.date(2026, 6, 1))]
    with pytest.raises(tallies.NotYet):
        figures.series(tree.city, [PAIRS_RUNNING], cuts)
    keep()  # all its days are wished for, not the first alone
    found = figures.series(tree.city, [PAIRS_RUNNING], cuts)
    tables = [figures.table(tree.city, cut.as_of, cut.period_from) for cut in cuts]
    assert found == [{"pairs_running": each.total.counts["pairs_running"]} for each in tables]
    assert found[0] != found[1]


def test_a_kept_answer_is_read_and_not_counted(tree, large):
    populate(tree, 3)
    keep(tree.city)
    right = said(figures.table(tree.city, TODAY))
    Tally.objects.filter(county_id=tree.anji.pk).exclude(place="").delete()
    wrong = said(figures.table(tree.city, TODAY))
    assert str(tree.anji.pk) in right
    assert str(tree.anji.pk) not in wrong


def test_every_county_of_the_country_is_a_row_of_its_own(tree, large):
    populate(tree, 4)
    for unit in (tree.city, figures.nation()):
        counted = figures.by_county(unit, TODAY)
        keep(unit)
        kept = figures.by_county(unit, TODAY)
        assert said(kept) == said(counted)
        assert [line.key for line in kept.lines] == [line.key for line in counted.lines]
        added = Counter()
        for line in kept.parts:
            added.update(line.counts)
        assert {code: n for code, n in added.items() if n} == said(kept)["total"]
    names = [line.name for line in figures.by_county(tree.city, TODAY).parts]
    assert names == ["湖州市本级", "德清县", "安吉县", "南太湖新区"]
    alone = said(figures.table(tree.anji, TODAY))["total"]
    assert said(figures.by_county(tree.city, TODAY))[str(tree.anji.pk)] == alone


# Each write changes a figure of some county above which an answer is kept, by a way of its own.
def _session(tree):
    pairing = Pairing.objects.filter(county=tree.anji).first()
    Session.objects.create(pairing=pairing, happened_on=TODAY, method="on_site", topic="议事")


def _visit_gone(tree):
    Visit.objects.filter(happened_on__year=TODAY.year).first().delete()


def _assignment_accepted(tree):
    task = Assignment.objects.exclude(state="accepted").first()
    Assignment.objects.filter(pk=task.pk).update(
        state="accepted", decided_at=timezone.now().replace(month=5)
    )


def _person(tree):
    make_cadre(unit=tree.dipu, name="新人")


def _person_elsewhere(tree):
    """Corrected, where the person stands today and where the post of the day was."""
    Cadre.objects.filter(birth_month="1970-02", left_on=None).update(birth_month="1999-01")


def _person_moves(tree):
    post = Posting.objects.filter(is_main=True, to_on=None, county=tree.anji).first()
    post.cadre.move_to(tree.yuyue, on=TODAY)


def _post_corrected(tree):
    post = Posting.objects.filter(is_main=True, to_on=None, county=tree.anji).first()
    post.put_in(tree.yuyue)
    post.save()


def _pair(tree):
    """Mentor and mentee of two counties."""
    mentor = make_mentor(
        cadre=make_cadre(unit=tree.yuyue, name="外县师傅"), from_on=dt.date(2026, 1, 1)
    )
    make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.dipu, name="本县徒弟"))


def _pair_ends(tree):
    pairing = Pairing.objects.filter(state="active", role="lead").first()
    PairingEvent.objects.create(
        pairing=pairing, verb="terminate", from_state="active", to_state="terminated", on=TODAY
    )


def _generation(tree):
    """A lesson of long ago makes the mentor of a mentor a mentee, in another county."""
    second = Mentor.objects.get(cadre__name="徒")
    Mentor.objects.filter(pk=second.pk).update(from_on=dt.date(2026, 11, 1))
    PairingEvent.objects.filter(pairing__mentee__name="徒").delete()


def _entry(tree):
    entry = (
        Mentee.objects.filter(to_on=None).exclude(category=MenteeCategory.objects.last()).first()
    )
    Mentee.objects.filter(pk=entry.pk).update(category=MenteeCategory.objects.last(), from_on=None)


def _exempt(tree):
    due = Mentee.objects.filter(to_on=None, exemptions=None).first()
    Exemption.objects.create(mentee=due, from_on=dt.date(2026, 1, 1), reason="借调")


def _mentor_ends(tree):
    mentor = Mentor.objects.filter(to_on=None).first()
    Mentor.objects.filter(pk=mentor.pk).update(to_on=TODAY - dt.timedelta(days=1), state="ended")


def _township_moves(tree):
    moving.move(tree.shangshu, tree.deqing, on=TODAY - dt.timedelta(days=9))


def _county_moves(tree):
    other = make_unit(name="嘉兴市", kind="city", code="330400000000", parent=tree.province)
    moving.move(tree.deqing, other, on=TODAY - dt.timedelta(days=9))


def _merger(tree):
    moving.merge(tree.shangshu, tree.yuyue, on=TODAY - dt.timedelta(days=9), by=None)


def _handed_in(tree):
    task = Assignment.objects.filter(
        submissions=None, due_on__year=TODAY.year, reviews=None
    ).earliest("due_on")
    Submission.objects.create(assignment=task, text="补交")


def _certificate_void(tree):
    found = Certificate.objects.filter(issued_on__year=TODAY.year, voided_at=None).first()
    found.voided_at, found.voided_by = timezone.now() - dt.timedelta(days=5), found.issued_by
    found.void_reason = "有误"
    found.save()


WRITES = (
    _handed_in, _certificate_void,
    _session, _visit_gone, _assignment_accepted, _person, _person_elsewhere, _person_moves,
    _post_corrected, _pair, _pair_ends, _generation, _entry, _exempt, _mentor_ends,
    _township_moves, _county_moves, _merger,
)  # fmt: skip


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__.strip("_"))
def test_after_a_write_the_answer_is_the_new_one(tree, large, write):
    populate(tree, 5)
    keep(figures.nation())
    before = said(figures.table(tree.province, TODAY))
    write(tree)
    tree.city.refresh_from_db()
    units = (figures.nation(), tree.province, tree.city)
    first = [said(figures.table(unit, TODAY)) for unit in units]
    rolling.work(seconds=60)
    assert not Touched.objects.exists()
    rolled = [said(figures.table(unit, TODAY)) for unit in units]
    truth = [now(unit) for unit in units]
    assert first == truth
    assert rolled == truth
    counties = said(figures.by_county(figures.nation(), TODAY))
    assert before != truth[1] or counties  # a move shows in the counties alone


def test_without_the_trigger_a_write_is_missed(tree, large):
    populate(tree, 5)
    keep(tree.city)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER activities_session_touches_on_insert ON activities_session")
    _session(tree)
    assert said(figures.table(tree.city, TODAY)) != now(tree.city)


def test_only_what_changed_is_counted_again(tree, large):
    populate(tree, 6)
    keep(tree.city)
    stood = {*Tally.objects.exclude(county_id=tree.anji.pk).values_list("pk", flat=True)}
    _session(tree)
    rolling.work(seconds=60)
    assert {*Tally.objects.exclude(county_id=tree.anji.pk).values_list("pk", flat=True)} == stood


def test_a_rule_of_a_unit_concerns_the_counties_below_it(tree):
    Touched.objects.all().delete()
    Policy.objects.create(unit=tree.city, from_on=TODAY, basis="示例规则，未核对原文")
    below = {tree.city.pk, tree.anji.pk, tree.deqing.pk, tree.zone.pk}
    assert {*Touched.objects.values_list("county_id", flat=True)} == below


def test_a_small_unit_keeps_nothing(tree):
    populate(tree, 7)
    figures.table(tree.province, TODAY)
    assert not Question.objects.exists()


def test_a_page_does_not_wait_for_a_whole_country(tree, large, monkeypatch):
    monkeypatch.setattr(tallies, "LIVE_COUNTIES", 1)
    populate(tree, 8)
    with pytest.raises(tallies.NotYet) as raised:
        figures.table(tree.city, TODAY, at_once=True)
    assert raised.value.progress == (0, 4)  # the city's own bodies, two counties, a zone
    assert Wish.objects.get().unit == tree.city
    rolling.work(seconds=60)
    assert said(figures.table(tree.city, TODAY, at_once=True)) == now(tree.city)


def test_another_way_of_counting_asks_anew(tree, large, monkeypatch):
    populate(tree, 9)
    keep(tree.city)
    Question.objects.update(meaning="of an earlier release")
    Tally.objects.update(counts=[])
    assert said(figures.table(tree.city, TODAY)) == now(tree.city)
    rolling.drop_old()
    assert {*Question.objects.values_list("meaning", flat=True)} == {tallies.meaning()}


def test_the_questions_asked_last_are_kept(tree, large, monkeypatch):
    monkeypatch.setattr(rolling, "QUESTIONS_KEPT", 2)
    days = [dt.date(2026, month, 1) for month in (1, 2, 3)]
    for number, day in enumerate(days):
        tallies.wish(tree.city, Cut.at(day))
        moment = timezone.now() - dt.timedelta(hours=number)
        Question.objects.filter(as_of=day).update(asked_at=moment)
    rolling.drop_old()
    assert {*Question.objects.values_list("as_of", flat=True)} == {*days[:2]}


def test_at_night_kept_answers_are_counted_again_and_a_wrong_one_is_told(tree, large, caplog):
    populate(tree, 10)
    keep(tree.city)
    rolling.night(timezone.now())
    assert list(Check.objects.values_list("compared", "differing")) == [(4, 0)]
    tally = Tally.objects.filter(county_id=tree.anji.pk).exclude(place="").first()
    tally.counts[0] += 1
    tally.save()
    rolling.night(timezone.now())  # once a day
    assert Check.objects.count() == 1
    rolling.night(timezone.now() + dt.timedelta(days=1))
    assert Check.objects.latest("pk").differing == 1
    assert f"of county {tree.anji.pk} differs" in caplog.text
    assert said(figures.table(tree.city, TODAY)) == now(tree.city)


def test_what_is_asked_every_day_is_wished_for_at_night(tree, large):
    tallies.wish(tree.city, CUT)
    rolling.night(timezone.now())
    wished = {*Question.objects.filter(wishes__unit=tree.city).values_list("as_of", flat=True)}
    assert wished == {cut.as_of for cut in rolling.standing(timezone.localdate())} | {TODAY}


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("2026-11-23", ["2026-11-23", "2026-11-22", "2026-10-31", "2026-09-30"]),
        ("2026-01-01", ["2026-01-01", "2025-12-31"]),
    ],
)
def test_the_days_that_are_asked_for_most(today, days):
    cuts = rolling.standing(dt.date.fromisoformat(today))
    assert [cut.as_of.isoformat() for cut in cuts] == days
    assert {cut.period_from for cut in cuts} == {day.replace(month=1, day=1) for day in
                                                 map(dt.date.fromisoformat, days)}  # fmt: skip


def test_units_of_the_whole_country_stand_in_order(tree, large):
    populate(tree, 11)
    assert [line.unit.name for line in figures.table(figures.nation(), TODAY).parts[1:]] == [
        "浙江省"
    ]
    assert Unit.objects.filter(parent=None).count() == 1
