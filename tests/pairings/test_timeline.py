"""The timeline of a pair: its moves, those that were taken back, who stood in, what came before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pairings import timeline
from pairings.models import Pairing, PairingEvent
from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date
NOW = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


def event(pairing, verb, on, *, at=None, **fields):
    """An event entered at that moment, by default at noon of the day on which it took effect."""
    at = at or dt.datetime(on.year, on.month, on.day, 4, tzinfo=dt.UTC)
    fields = {"from_state": "active", "to_state": "active"} | fields
    return PairingEvent.objects.create(pairing=pairing, verb=verb, on=on, at=at, **fields)


def told(pairing, user):
    events = list(pairing.events.select_related("actor").order_by("-at", "-pk"))
    return timeline.of_pair(pairing, events, user)


def shape(years):
    """Year, month, and the verbs of it; a substitute's period as the mentor's name."""
    return [
        (
            year.year,
            month[0].day.month,
            [row.event.verb if row.event else row.stand_in.pairing.mentor_cadre.name
             for row in month],
        )
        for year in years
        for month in year.months
    ]  # fmt: skip


def page(client, pairing):
    return client.get(reverse("pairings:detail", args=[pairing.pk]))


def words(response) -> str:
    return " ".join(response.text.split())


@pytest.fixture
def pair(cast):
    """The cast's pair, its registration entered on its first day."""
    PairingEvent.objects.update(at=dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC))
    return Pairing.objects.for_detail().get()


def test_newest_first_by_month_and_the_later_entered_first_on_one_day(cast, pair):
    event(pair, "suspend", D(2026, 5, 6), to_state="suspended")
    event(pair, "resume", D(2026, 5, 20), from_state="suspended")
    event(pair, "extend", D(2026, 5, 20), at=NOW, new_to_on=D(2027, 5, 31))
    assert shape(told(pair, cast.county).years) == [
        (2026, 5, ["extend", "resume", "suspend"]),
        (2026, 3, ["register"]),
    ]


def test_what_reaches_back_stands_behind_what_was_entered_before(cast, pair):
    PairingEvent.objects.update(on=D(2026, 9, 1))
    event(pair, "approve", D(2026, 3, 1), at=NOW)
    entries = [row for year in told(pair, cast.county).years for m in year.months for row in m]
    assert [(row.event.verb, row.day) for row in entries] == [
        ("approve", D(2026, 9, 1)),
        ("register", D(2026, 9, 1)),
    ]


def test_a_suspension_is_a_period_and_an_open_one_says_when_it_should_end(cast, pair, signed_in):
    event(pair, "suspend", D(2026, 5, 6), to_state="suspended", reason="产假")
    client = signed_in(cast.county)
    PairingEvent.objects.filter(verb="suspend").update(resumes_on=D(2026, 12, 1))
    assert "拟于2026年12月1日恢复" in words(page(client, pair))
    event(pair, "resume", D(2026, 8, 4), from_state="suspended")
    text = words(page(client, pair))
    assert "暂停：2026年5月6日至2026年8月4日，共 90 天" in text
    assert "拟于" not in text


def test_what_was_taken_back_is_struck_through_and_counts_for_no_period(cast, pair, signed_in):
    wrong = event(pair, "suspend", D(2026, 5, 6), to_state="suspended")
    back = event(pair, "reverse", D(2026, 5, 7), from_state="suspended", reverses=wrong)
    PairingEvent.objects.filter(pk=back.pk).update(actor=cast.county)
    text = words(page(signed_in(cast.mentee), pair))
    assert text.count("<del>") == 1
    assert text.count("已撤销") == 1
    assert "2026年5月7日由安吉组织部撤销" in text
    assert "暂停：" not in text
    assert shape(told(pair, cast.county).years)[0] == (2026, 5, ["reverse", "suspend"])


def test_a_resumption_that_was_taken_back_does_not_end_the_suspension(cast, pair):
    event(pair, "suspend", D(2026, 5, 6), to_state="suspended")
    resumed = event(pair, "resume", D(2026, 6, 1), from_state="suspended")
    event(pair, "reverse", D(2026, 6, 2), to_state="suspended", reverses=resumed)
    event(pair, "resume", D(2026, 7, 5), from_state="suspended")
    entries = [row for year in told(pair, cast.county).years for m in year.months for row in m]
    assert {row.event.on: row.until for row in entries if row.until} == {
        D(2026, 5, 6): D(2026, 7, 5)
    }


def test_a_waiver_and_an_entry_made_for_somebody_are_said(cast, pair, signed_in):
    PairingEvent.objects.update(waived="名额已满。", waiver="书记办公会同意")
    event(pair, "confirm_mentor", D(2026, 3, 2), at=NOW, is_on_behalf=True, actor=cast.township)
    text = words(page(signed_in(cast.county), pair))
    assert "名额已满。" in text
    assert "书记办公会同意" in text
    assert text.count("代录") == 1
    assert "2026年11月1日录入" in text


def test_what_an_office_waived_is_read_by_offices_and_not_by_the_two(cast, pair, signed_in):
    """The sentences name other mentors, and what the register holds of age and party."""
    PairingEvent.objects.update(waived="除邻县导师外，马徒弟将超出规则人数。", waiver="会议同意")
    seen = {
        user.name: ("邻县导师" in text, "会议同意" in text)
        for user in (cast.county, cast.township, cast.viewer, cast.mentor, cast.mentee)
        for text in [words(page(signed_in(user), pair))]
    }
    assert seen == {
        "安吉组织部": (True, True), "上墅组织委员": (True, True), "安吉领导": (True, True),
        "褚师傅": (False, False), "马徒弟": (False, False),
    }  # fmt: skip


def test_nine_years_fold_what_lies_behind_the_newest_entries(cast, pair, signed_in):
    Pairing.objects.update(from_on=D(2017, 3, 1))
    PairingEvent.objects.update(on=D(2017, 3, 1), at=dt.datetime(2017, 3, 1, tzinfo=dt.UTC))
    for year in range(2018, 2027):
        event(pair, "extend", D(year, 2, 20), new_to_on=D(year + 1, 2, 28))
    years = told(pair, cast.county).years
    assert [year.year for year in years] == list(range(2026, 2016, -1))
    assert [year.year for year in years if year.is_folded] == [2018, 2017]
    text = words(page(signed_in(cast.county), pair))
    assert "2017年（1 项）" in text
    assert "2019年（1 项）" not in text


@pytest.fixture
def changed(cast, tree, pair):
    """马徒弟 had a first mentor in Deqing, then one in 递铺, and 褚师傅 since; one stood in."""

    def mentor(name, unit):
        return make_mentor(cadre=make_cadre(unit=unit, name=name))

    days = {"from_on": D(2021, 3, 1), "to_on": D(2023, 2, 28), "ended_on": D(2023, 1, 31)}
    first = make_pairing(
        mentor=mentor("德清师", tree.yuyue), mentee=cast.mentee_row, state="terminated", **days
    )
    days = {"from_on": D(2023, 2, 1), "to_on": D(2026, 1, 31), "ended_on": D(2026, 2, 1)}
    second = make_pairing(
        mentor=mentor("递铺师", tree.dipu), mentee=cast.mentee_row, state="terminated",
        succeeds=first, **days,
    )  # fmt: skip
    event(second, "terminate", D(2026, 2, 1), to_state="terminated", reason="调离岗位")
    Pairing.objects.filter(pk=pair.pk).update(succeeds=second)
    make_pairing(
        mentor=mentor("代帮师", tree.dipu), mentee=cast.mentee_row, role="substitute",
        stands_in_for=pair, state="lapsed", from_on=D(2026, 5, 1), to_on=D(2026, 6, 30),
    )  # fmt: skip
    make_pairing(
        mentor=mentor("未成师", tree.dipu), mentee=cast.mentee_row, role="substitute",
        stands_in_for=pair, state="withdrawn", from_on=D(2026, 5, 1), to_on=D(2026, 6, 30),
    )  # fmt: skip
    for row in PairingEvent.objects.all():  # each entered on its day
        row.at = dt.datetime(row.on.year, row.on.month, row.on.day, 4, tzinfo=dt.UTC)
        row.save()
    # It stayed in Deqing when the mentee came over from there.
    Pairing.objects.filter(pk=first.pk).update(unit=tree.yuyue, county=tree.deqing)
    return [Pairing.objects.for_detail().get(pk=one.pk) for one in (first, second, pair)]


def names(section):
    return [(row.pairing.mentor_cadre.name if row.is_seen else None, len(row.years))
            for row in section]  # fmt: skip


def test_the_history_of_the_mentee_stands_in_one_piece_on_each_pair(cast, changed):
    first, second, pair = changed
    found = told(pair, cast.mentee)
    assert names(found.before) == [("递铺师", 2), ("德清师", 1)]
    assert names(found.after) == []
    assert shape(found.years) == [(2026, 5, ["代帮师"]), (2026, 3, ["register"])]
    found = told(second, cast.mentee)
    assert (names(found.before), names(found.after)) == ([("德清师", 1)], [("褚师傅", 1)])
    assert names(told(first, cast.mentee).after) == [("褚师傅", 1), ("递铺师", 2)]


def test_a_pair_out_of_sight_is_told_by_its_days_without_a_name(cast, changed, signed_in):
    pair = changed[-1]
    text = words(page(signed_in(cast.county), pair))
    assert "此前</span> 与递铺师结对" in text
    assert "调离岗位" in text
    assert "德清师" not in text
    assert "外单位导师" in text
    assert "2021年3月1日" in text
    # The mentor sees the own pair alone: neither who was there before nor who stood in.
    text = words(page(signed_in(cast.mentor), pair))
    for hidden in ("递铺师", "德清师", "代帮师", "调离岗位", "未成师"):
        assert hidden not in text
    assert "2023年2月1日" in text
    assert "2026年6月30日" in text


def test_a_substitute_names_the_pair_that_it_stands_in_for(cast, changed, signed_in):
    stand_in = Pairing.objects.get(role="substitute", state="lapsed")
    text = words(page(signed_in(cast.county), stand_in))
    assert "代帮，原结对导师" in text
    assert f'href="/pairings/{changed[-1].pk}/"' in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_timeline_takes_the_same_queries_for_one_predecessor_and_three(
    cast, tree, pair, number
):
    later = pair
    for at in range(number):
        before = make_pairing(
            mentor=make_mentor(cadre=make_cadre(unit=tree.dipu, name=f"前{at}")),
            mentee=cast.mentee_row, state="terminated",
            from_on=D(2025 - at, 3, 1), to_on=D(2026 - at, 2, 28), ended_on=D(2026 - at, 2, 28),
        )  # fmt: skip
        Pairing.objects.filter(pk=later.pk).update(succeeds=before)
        later = before
    pair.refresh_from_db(fields=["succeeds"])
    events = list(pair.events.select_related("actor"))
    assert cast.county.live_grants  # the page has asked for them
    with CaptureQueriesContext(connection) as queries:
        assert len(timeline.of_pair(pair, events, cast.county).before) == number
    assert len(queries) == 4, [query["sql"][:150] for query in queries]
