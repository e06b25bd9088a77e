"""The unit that a roster's cell means: names as the national table and as offices write them."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.cells import Wrong
from cadres.places import Places
from tests.factories import make_unit
from units.models import FormerName, Unit

D = dt.date


@pytest.fixture
def places(cast, tree):
    make_unit(name="竹根村委会", kind="village", parent=tree.shangshu)
    make_unit(name="月河社区居委会", kind="village", parent=tree.dipu)
    make_unit(name="平原村委会", kind="village", parent=tree.dipu)
    make_unit(name="平原村", kind="village", parent=tree.shangshu)
    return Places(cast.county)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("竹根村委会", "竹根村委会"),
        ("竹根村", "竹根村委会"),
        ("竹根村村民委员会", "竹根村委会"),
        ("竹根村村委会", "竹根村委会"),
        ("上墅乡人民政府/竹根村", "竹根村委会"),
        ("月河社区", "月河社区居委会"),
        ("月河社区居民委员会", "月河社区居委会"),
        ("上墅乡政府", "上墅乡"),
        ("递铺街道办事处", "递铺街道"),
        ("县委组织部", "县委组织部"),
        ("平原村", "平原村"),
        ("平原村委会", "平原村委会"),
    ],
)
def test_a_unit_is_known_by_its_usual_names(places, written, name):
    assert places.find(written).name == name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("竹根村党总支书记", ("竹根村委会", "党总支书记")),
        ("竹根村村委会主任", ("竹根村委会", "村委会主任")),
        ("竹根村委会主任", ("竹根村委会", "主任")),
        ("上墅乡竹根村村委会委员", ("竹根村委会", "村委会委员")),
        ("月河社区党委书记", ("月河社区居委会", "党委书记")),
    ],
)
def test_unit_and_post_in_one_cell_are_parted(places, written, parts):
    unit, post = places.part(written)
    assert (unit.name, post) == parts


@pytest.mark.parametrize("written", ["竹根", "村委会", "/", "递铺街道/竹根村", "禹越镇人民政府"])
def test_a_part_of_a_name_or_another_place_is_no_unit(places, written):
    with pytest.raises(Wrong, match="您管理的单位中没有"):
        places.find(written)


def test_two_of_one_short_name_are_listed(places):
    with pytest.raises(Wrong) as caught:
        places.find("平原村民委员会")
    assert str(caught.value) == (
        "有 2 个单位叫「平原村民委员会」，请写明上级，选其一："
        "安吉县/上墅乡/平原村、安吉县/递铺街道/平原村委会。"
    )


def test_a_label_is_found_again(places):
    assert [places.find(places.label(unit)) for unit in places.units.values()] == list(
        places.units.values()
    )


def test_a_unit_merged_into_one_that_was_merged_later_is_the_last(cast, tree):
    first, second, third, away = (
        make_unit(name=name, kind="village", parent=tree.shangshu)
        for name in ("东村", "中村", "西村", "外村")
    )
    FormerName.objects.create(unit=first, name="老东村", to_on=D(2024, 12, 31))
    for unit, into in ((first, second), (second, third), (away, tree.yuyue)):
        Unit.objects.filter(pk=unit.pk).update(closed_on=D(2025, 12, 31), successor=into)
    places = Places(cast.county)
    for written in ("东村", "中村", "西村", "老东村", "上墅乡/东村"):
        assert places.find(written) == third
    with pytest.raises(Wrong, match="您管理的单位中没有"):
        places.find("外村")
