import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Grant
from cadres.models import Cadre, Posting
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import State
from tests.factories import make_cadre, make_mentor, make_pairing, make_unit
from units.models import BadDay, NotNow, Unit
from units.tree import WrongPlace, merge, move

D = dt.date
DAY = D(2026, 6, 1)


def test_the_unit_is_closed_and_what_is_open_goes_to_its_successor(cast, tree):
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    tree.shangshu.refresh_from_db()
    assert (tree.shangshu.closed_on, tree.shangshu.successor) == (DAY, tree.dipu)
    for row in (*Cadre.objects.all(), Mentor.objects.get(), Pairing.objects.get()):
        assert (row.unit, row.township, row.county) == (tree.dipu, tree.dipu, tree.anji)
    posts = cast.mentee_row.postings.order_by("from_on")
    told = {(post.unit.name, post.title, post.is_main, post.from_on, post.to_on) for post in posts}
    assert told == {
        ("上墅乡", "干部", True, None, D(2026, 5, 31)),
        ("递铺街道", "干部", True, DAY, None),
    }


def test_what_had_ended_stays_with_the_old_unit(cast, tree):
    left = make_cadre(unit=tree.shangshu, name="已离任")
    left.leave(on=D(2026, 3, 31), reason="退休")
    retired = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="老导师"))
    Mentor.objects.filter(pk=retired.pk).update(to_on=D(2026, 3, 31), state="ended")
    ended = make_pairing(
        mentor=cast.mentor_row,
        mentee=make_cadre(unit=tree.shangshu, name="旧徒弟"),
        state=State.COMPLETED,
        to_on=D(2026, 3, 31),
    )
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    for row in (left, retired, ended, left.postings.get()):
        row.refresh_from_db()
        assert row.unit == tree.shangshu
    names = {str(row) for row in Cadre.objects.visible_to(cast.sibling)}
    assert "已离任" not in names
    assert "马徒弟" in names


def test_units_below_go_along(cast, tree):
    village_cadre = make_cadre(unit=tree.liujiatang, name="村干部")
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    tree.liujiatang.refresh_from_db()
    assert (tree.liujiatang.parent, tree.liujiatang.township) == (tree.dipu, tree.dipu)
    village_cadre.refresh_from_db()
    assert (village_cadre.unit, village_cadre.township) == (tree.liujiatang, tree.dipu)
    assert Posting.objects.on(D(2026, 5, 31)).get(cadre=village_cadre).township == tree.shangshu
    for unit in Unit.objects.select_related("parent"):
        assert not unit.settle(), unit


def test_grants_over_the_unit_are_left_to_the_security_administrator(cast, tree):
    before = list(Grant.objects.order_by("pk").values())
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    assert list(Grant.objects.order_by("pk").values()) == before


def test_each_of_the_units_has_it_on_record(cast, tree):
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    event = tree.shangshu.events.get()
    assert (event.verb, event.on, event.target, event.created_by) == (
        "merge", DAY, tree.dipu, cast.county,
    )  # fmt: skip
    moved = tree.liujiatang.events.get()
    assert (moved.verb, moved.on, moved.origin, moved.target) == (
        "move", DAY, tree.shangshu, tree.dipu,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "into"),
    [
        ("shangshu", "liujiatang"),  # below itself
        ("shangshu", "shangshu"),
        ("shangshu", "department"),  # of another kind
        ("anji", "shangshu"),
    ],
)
def test_not_into_itself_nor_into_a_unit_of_another_kind(cast, tree, unit, into):
    with pytest.raises(WrongPlace):
        merge(getattr(tree, unit), getattr(tree, into), on=DAY, by=cast.county)
    assert Unit.objects.filter(closed_on=None).count() == 10


def test_a_namesake_or_a_kind_that_cannot_stand_there_is_in_the_way(cast, tree):
    make_unit(name="刘家塘村", kind="village", parent=tree.dipu)
    with pytest.raises(WrongPlace):
        merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    zone = make_unit(name="上墅园区", kind="zone", parent=tree.dipu)
    inner = make_unit(name="园区", kind="zone", parent=tree.anji)
    make_unit(name="小镇", kind="township", parent=inner)
    with pytest.raises(WrongPlace):  # a township stands below no township
        merge(inner, tree.shangshu, on=DAY, by=cast.county)
    zone.refresh_from_db()
    assert not Unit.objects.exclude(closed_on=None).exists()


def test_a_merged_unit_is_neither_opened_again_nor_moved_nor_merged_once_more(cast, tree):
    merge(tree.shangshu, tree.dipu, on=DAY, by=cast.county)
    tree.shangshu.refresh_from_db()
    with pytest.raises(NotNow):
        tree.shangshu.reopen(by=cast.county)
    with pytest.raises(NotNow):
        move(tree.shangshu, tree.deqing, by=cast.county)
    with pytest.raises(NotNow):
        merge(tree.shangshu, tree.yuyue, on=DAY, by=cast.county)
    with pytest.raises(NotNow):
        merge(tree.yuyue, tree.shangshu, on=DAY, by=cast.county)
    assert tree.shangshu.events.count() == 1


def test_no_day_ahead_of_today_nor_before_the_unit_began(cast, tree):
    Unit.objects.filter(pk=tree.shangshu.pk).update(from_on=D(2026, 2, 1))
    for day in (D(2999, 1, 1), D(2026, 1, 31)):
        with pytest.raises(BadDay):
            merge(tree.shangshu, tree.dipu, on=day, by=cast.county)


def test_the_database_refuses_an_open_unit_with_a_successor(tree):
    for change in (
        {"successor": tree.dipu},
        {"successor": tree.shangshu, "closed_on": DAY},
        {"from_on": DAY, "closed_on": D(2026, 5, 31)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(pk=tree.shangshu.pk).update(**change)
