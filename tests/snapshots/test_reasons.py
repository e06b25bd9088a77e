"""Which entry is told as the reason, and which is not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from cadres.merging import merge
from cadres.models import Cadre, MenteeCategory, MenteeEvent
from cadres.posts import correct_post
from cadres.registering import correct
from mentors.models import MentorCategory
from pairings.models import Pairing, PairingEvent
from rosters.models import Batch, BatchEvent
from snapshots.differences import parts
from stats.shapes import Base
from tests.factories import make_cadre, make_mentor, make_pairing, make_unit
from tests.snapshots.made import sealed
from tests.snapshots.test_differences import AS_OF, told
from units import tree as unit_tree

D = dt.date
LATER = D(2026, 8, 1)  # entered since, and in effect after the cut-off day


def why(cast, snapshot, base):
    """Of each row that differs, in the order of the names."""
    return [(row[0], row[3]) for row in sorted(told(snapshot, cast.county, base))]


@pytest.fixture
def snapshot(cast, tree):
    return sealed(tree.anji, AS_OF, by=cast.county)


def test_a_corrected_entry_reaches_back_whenever_it_is_corrected(cast, snapshot):
    kind = MenteeCategory.objects.last()
    cast.mentee_entry.correct(category=kind, from_on=D(2026, 1, 1), by=cast.county)
    assert why(cast, snapshot, Base.MENTEES) == [("马徒弟（上墅乡）", ["更正登记"])]


def test_an_entry_put_back_reaches_back_to_its_end(cast, tree):
    cast.mentee_entry.end(on=D(2026, 5, 1), reason="误录", by=cast.county)
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    cast.mentee_entry.reopen(by=cast.county, reason="误录")
    assert why(cast, snapshot, Base.REGISTERED) == [("马徒弟（上墅乡）", ["恢复在册"])]


def test_a_post_that_began_later_than_was_said(cast, snapshot):
    post = cast.mentee_row.postings.get()
    correct_post(post, title=post.title, from_on=LATER, to_on=None, by=cast.county)
    assert why(cast, snapshot, Base.PEOPLE) == [("马徒弟（上墅乡）", ["更正任职日期"])]


def test_another_category_of_a_mentor_is_a_correction(cast, snapshot):
    kind = MentorCategory.objects.last()
    cast.mentor_row.change(category=kind, capacity=2, by=cast.county)
    assert why(cast, snapshot, Base.MENTORS) == [("褚师傅（上墅乡）", ["聘任变更"])]


def test_by_a_mentors_own_mentor_the_generation_is_counted(cast, tree):
    teacher = make_cadre(unit=tree.dipu, name="乙师")
    second = make_mentor(cadre=teacher, from_on=D(2026, 5, 1))
    third = make_mentor(cadre=make_cadre(unit=tree.dipu, name="丙师"), from_on=D(2026, 6, 15))
    make_pairing(mentor=second, mentee=third.cadre, from_on=D(2026, 5, 20))
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    make_pairing(mentor=cast.mentor_row, mentee=teacher, from_on=D(2026, 2, 1))
    assert why(cast, snapshot, Base.MENTORS) == [
        ("丙师（递铺街道）", ["其导师：登记结对"]),
        ("乙师（递铺街道）", ["登记结对"]),
    ]


def test_a_telephone_number_and_a_second_post_are_no_reasons(cast, tree, snapshot):
    person = cast.mentee_row
    person.phone = "13800001234"
    correct(person, fields=["phone"], by=cast.county)
    person.birth_month = "1970-01"
    correct(person, fields=["birth_month"], by=cast.county)
    assert why(cast, snapshot, Base.PEOPLE) == [("马徒弟（上墅乡）", ["更正信息（出生年月）"])]


def test_the_move_of_another_unit_is_no_reason(cast, tree, snapshot):
    elsewhere = make_unit(name="天荒坪镇", kind="township", parent=tree.anji)
    village = make_unit(name="余村", kind="village", parent=elsewhere)
    third = make_unit(name="梅溪镇", kind="township", parent=tree.anji)
    unit_tree.move(village, third, on=D(2026, 6, 1), by=cast.county)
    cast.mentee_row.move_to(tree.dipu, on=D(2026, 6, 1), by=cast.county)
    assert why(cast, snapshot, Base.PEOPLE) == [("马徒弟（递铺街道）", ["调动任职"])]


def test_what_was_being_entered_during_the_sealing_is_found(cast, snapshot):
    cast.mentee_entry.exempt(from_on=D(2026, 6, 1), to_on=None, reason="借调", by=cast.county)
    during, before = (snapshot.created_at - dt.timedelta(seconds=n) for n in (5, 86_400))
    Cadre.objects.update(created_at=before)
    PairingEvent.objects.update(at=before)
    MenteeEvent.objects.filter(mentee=cast.mentee_entry).update(at=during)
    assert why(cast, snapshot, Base.REGISTERED) == [("马徒弟（上墅乡）", ["免于结对"])]


def test_a_merged_record_keeps_its_name_and_says_so(cast, tree):
    second = make_cadre(unit=tree.dipu, name="马徒弟", birth_month="1998-07")
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    merge(cast.mentee_row, second, take=frozenset(), reason="重复", by=cast.county, key=None)
    assert ("马徒弟（递铺街道）", ["并入另一条记录"]) in why(cast, snapshot, Base.PEOPLE)


def test_rows_of_an_undone_import_are_no_longer_on_record(cast, tree):
    gone = make_cadre(unit=tree.dipu, name="误导入")
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    gone.postings.all().delete()
    gone.delete()
    batch = Batch.objects.create(unit=tree.anji, kind="cadres", filename="册.xlsx")
    BatchEvent.objects.create(batch=batch, actor=cast.county, to_state="undone")
    assert why(cast, snapshot, Base.PEOPLE) == [("已无此记录", ["撤销花名册导入"])]


def test_a_pair_that_begins_after_the_day_is_not_told(cast, tree):
    mentor = make_mentor(cadre=make_cadre(unit=tree.dipu, name="老导师"))
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    make_pairing(mentor=mentor, mentee=cast.mentee_row, from_on=LATER, role="political")
    assert [part.base for part in parts(snapshot, cast.county)] == []


def test_a_term_agreed_later_makes_no_pair_silent_before(cast, tree):
    Pairing.objects.filter(pk=cast.pairing.pk).update(from_on=D(2026, 1, 1), to_on=None)
    cast.pairing.events.update(on=D(2026, 1, 1))
    snapshot = sealed(tree.anji, AS_OF, by=cast.county)
    pairing = Pairing.objects.for_detail().get(pk=cast.pairing.pk)
    pairing.move("extend", by=cast.county, reason="补签协议", to_on=D(2028, 1, 1))
    assert parts(snapshot, cast.county) == []
    on_day = sealed(tree.anji, timezone.localdate(), by=cast.county)
    assert on_day.content["lines"][0]["counts"]["pairs_silent"] == 1
