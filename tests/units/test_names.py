import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_unit
from units.models import BadDay, FormerName, Unit
from units.naming import names_on

D = dt.date


def test_each_day_has_its_name(cast, tree):
    unit = tree.department
    unit.rename("组织人事部", on=D(2024, 1, 1), by=cast.county)
    unit.rename("组织部", on=D(2026, 1, 1), by=cast.county)
    days = (D(2023, 12, 31), D(2024, 1, 1), D(2025, 12, 31), D(2026, 1, 1), timezone.localdate())
    told = [unit.name_on(day) for day in days]
    assert told == ["县委组织部", "组织人事部", "组织人事部", "组织部", "组织部"]
    kept = unit.former_names.values_list("name", "from_on", "to_on")
    assert list(kept) == [
        ("组织人事部", D(2024, 1, 1), D(2025, 12, 31)),
        ("县委组织部", None, D(2023, 12, 31)),
    ]
    event = unit.events.first()
    assert (event.verb, event.on, event.detail) == ("rename", D(2026, 1, 1), "组织人事部")


@pytest.mark.parametrize("count", [1, 3])
def test_names_of_many_units_on_a_day_are_one_query(cast, tree, django_assert_num_queries, count):
    units = [tree.shangshu, tree.dipu, tree.department][:count]
    for unit in units:
        unit.rename(f"新{unit.name}", on=D(2026, 1, 1), by=cast.county)
    with django_assert_num_queries(1):
        told = names_on(units, D(2025, 12, 31))
    assert list(told.values()) == ["上墅乡", "递铺街道", "县委组织部"][:count]


def test_a_name_changed_on_the_day_it_began_was_never_borne(cast, tree):
    tree.department.rename("组织布", on=D(2026, 1, 1), by=cast.county)
    tree.department.rename("组织部", on=D(2026, 1, 1), by=cast.county)
    assert [each.name for each in tree.department.former_names.all()] == ["县委组织部"]
    assert tree.department.name_on(D(2026, 1, 1)) == "组织部"


def test_not_in_the_future_and_not_before_the_present_name(cast, tree):
    tree.department.rename("组织部", on=D(2026, 1, 1), by=cast.county)
    for day in (D(2999, 1, 1), D(2025, 12, 31)):
        with pytest.raises(BadDay):
            tree.department.rename("别名", on=day, by=cast.county)
    assert Unit.objects.get(pk=tree.department.pk).name == "组织部"
    assert FormerName.objects.count() == 1


def test_the_database_refuses_two_names_on_one_day(tree):
    FormerName.objects.create(unit=tree.dipu, name="甲", from_on=None, to_on=D(2025, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerName.objects.create(
            unit=tree.dipu, name="乙", from_on=D(2025, 12, 31), to_on=D(2026, 3, 31)
        )
    FormerName.objects.create(unit=tree.shangshu, name="乙", from_on=None, to_on=D(2026, 3, 31))


def test_search_finds_former_names_last(cast, tree):
    tree.dipu.rename("昌硕街道", on=D(2026, 1, 1), by=cast.county)
    make_unit(name="老递铺村", kind="village", parent=tree.shangshu)
    found = [unit.name for unit in Unit.objects.visible_to(cast.county).search("递铺")]
    assert found == ["老递铺村", "昌硕街道"]
    assert not Unit.objects.visible_to(cast.other_county).search("递铺").exists()
