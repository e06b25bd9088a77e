import pytest

from accounts.models import Role
from cadres.models import Cadre
from mentors.models import Mentor
from pairings.models import Pairing
from tests.factories import make_cadre, make_grant, make_unit, make_user
from units.models import Placed, Unit
from units.tree import WrongPlace, move

LEVELS = ("province_id", "city_id", "county_id", "township_id")


def place(row: Placed) -> dict:
    row.refresh_from_db()
    return {level: getattr(row, level) for level in LEVELS}


def test_the_whole_subtree_stands_below_the_new_parent(tree):
    assert move(tree.shangshu, tree.zone) == 2
    tree.liujiatang.refresh_from_db()
    assert tree.shangshu.path == f"{tree.zone.path}{tree.shangshu.pk}/"
    assert tree.liujiatang.path == f"{tree.shangshu.path}{tree.liujiatang.pk}/"
    assert place(tree.liujiatang) == {
        "province_id": tree.province.pk,
        "city_id": tree.city.pk,
        "county_id": tree.zone.pk,
        "township_id": tree.shangshu.pk,
    }
    for unit in Unit.objects.select_related("parent"):
        assert not unit.settle(), unit


def test_open_rows_follow_in_every_table_and_others_stay(cast, tree):
    elsewhere = make_cadre(unit=tree.dipu, name="递铺干部")
    before = place(elsewhere)
    move(tree.shangshu, tree.zone, by=cast.county)
    after = {level: getattr(tree.shangshu, level) for level in LEVELS}
    for model in (Cadre, Mentor, Pairing):
        rows = model.objects.filter(unit=tree.shangshu)
        assert [place(row) for row in rows] == [after] * (2 if model is Cadre else 1)
    assert place(elsewhere) == before


def test_who_sees_the_people_changes_with_the_move(cast, tree):
    keeper = make_user(username="zone")
    make_grant(user=keeper, role=Role.COORDINATOR, unit=tree.zone)
    assert not Cadre.objects.visible_to(keeper).exists()
    move(tree.shangshu, tree.zone, by=cast.county)
    assert Cadre.objects.visible_to(keeper).count() == 2
    assert not Cadre.objects.visible_to(cast.county).exists()


def test_the_move_is_on_record_with_the_old_parent(cast, tree):
    move(tree.shangshu, tree.zone, by=cast.county)
    event = tree.shangshu.events.get()
    assert (event.verb, event.detail, event.created_by) == ("move", "安吉县", cast.county)


def test_moving_to_where_it_stands_does_nothing(tree):
    assert move(tree.shangshu, tree.anji) == 0
    assert not tree.shangshu.events.exists()


def test_a_unit_goes_neither_below_itself_nor_below_a_kind_that_cannot_hold_it(tree):
    station = make_unit(name="上墅所", kind="station", parent=tree.liujiatang)
    department = make_unit(name="办公室", kind="department", parent=tree.department)
    for unit, parent in (
        (tree.department, department),
        (tree.anji, tree.shangshu),
        (tree.shangshu, station),
    ):
        old = unit.path
        with pytest.raises(WrongPlace):
            move(unit, parent)
        unit.refresh_from_db()
        assert unit.path == old
