from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from sampling.drawing import Nothing, TooMany, draw
from sampling.models import Sample, SampleEvent, SampleItem
from tests.activities.making import make_assignment, make_session, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.sampling.made import asked, drawn, make_sample

DAY = dt.date(2026, 6, 1)


@pytest.fixture
def records(cast):
    """Twenty sessions and ten visits of June, one session of May."""
    rows = [make_session(pairing=cast.pairing, happened_on=DAY) for _ in range(20)]
    rows += [make_visit(pairing=cast.pairing, happened_on=DAY) for _ in range(10)]
    make_session(pairing=cast.pairing, happened_on=dt.date(2026, 5, 31))
    return rows


def in_june(cast, **fields):
    fields = {"first_on": DAY, "last_on": dt.date(2026, 6, 30), **fields}
    return make_sample(unit=cast.pairing.county, by=cast.county, **fields)


def test_the_lowest_hashes_of_seed_and_id_are_drawn(cast, records):
    sample = in_june(cast, wanted=7, seed="种子1")
    by_hand = sorted(records, key=lambda r: hashlib.sha256("种子1".encode() + r.pk.bytes).digest())
    assert drawn(sample) == [row.pk for row in by_hand[:7]]
    assert (sample.population, sample.size) == (30, 7)


def test_the_same_question_with_the_same_seed_gives_the_same_records(cast, records):
    first, again, other = (in_june(cast, wanted=5, seed=seed) for seed in "112")
    assert drawn(first) == drawn(again) != drawn(other)


def test_a_larger_sample_holds_the_smaller(cast, records):
    few, many = in_june(cast, wanted=3), in_june(cast, wanted=12)
    assert drawn(many)[:3] == drawn(few)


@pytest.mark.parametrize(("percent", "size"), [("10", 3), ("10.01", 4), ("0.01", 1), ("100", 30)])
def test_a_share_is_rounded_up(cast, records, percent, size):
    sample = in_june(cast, percent=Decimal(percent))
    assert (sample.size, sample.items.count()) == (size, size)


def test_a_number_beyond_the_records_takes_all_of_them(cast, records):
    sample = in_june(cast, wanted=50)
    assert (sample.size, set(drawn(sample))) == (30, {row.pk for row in records})


def test_only_the_own_subtree_is_drawn_from(cast, tree, records):
    far = make_cadre(unit=tree.yuyue, name="德清徒弟")
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德清导师"))
    make_session(pairing=make_pairing(mentor=mentor, mentee=far), happened_on=DAY)
    assert in_june(cast, wanted=1000).population == 30
    dipu = asked(unit=tree.dipu)
    with pytest.raises(Nothing):
        draw(dipu, by=cast.sibling, key=None)
    assert not Sample.objects.filter(unit=tree.dipu).exists()


def test_assignments_are_drawn_by_their_due_date(cast):
    inside = make_assignment(pairing=cast.pairing, due_on=DAY)
    make_assignment(pairing=cast.pairing, due_on=dt.date(2026, 7, 1))
    sample = in_june(cast, kinds=["assignment"])
    assert drawn(sample) == [inside.pk]


def test_a_share_of_more_than_an_office_can_look_into_is_refused(cast, records, monkeypatch):
    monkeypatch.setattr("sampling.drawing.MOST", 10)
    with pytest.raises(TooMany) as refusal:
        in_june(cast, percent=Decimal(50))
    assert (refusal.value.size, Sample.objects.count()) == (15, 0)


def test_a_form_sent_twice_draws_once(cast, records):
    key = uuid.uuid4()
    first = draw(asked(unit=cast.pairing.county), by=cast.county, key=key)
    again = draw(asked(unit=cast.pairing.county), by=cast.county, key=key)
    assert (first.pk, Sample.objects.count(), SampleEvent.objects.count()) == (again.pk, 1, 1)


def test_the_database_keeps_an_item_to_one_record_and_a_record_to_one_item(cast, records):
    sample = in_june(cast, wanted=1)
    item = sample.items.get()
    twice = {f"{item.kind}_id": item.record_id}
    session, visit = records[0], records[-1]
    for wrong in ({}, {"session": session, "visit": visit}, twice):
        with pytest.raises(IntegrityError), transaction.atomic():
            SampleItem.objects.create(sample=sample, position=99, **wrong)
    both = asked(unit=cast.pairing.county, wanted=3, percent=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        draw(both, by=cast.county, key=None)
