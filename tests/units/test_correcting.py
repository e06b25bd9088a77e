"""A unit's code and kind are corrected by the office above, with a reason and an event."""

import uuid

import pytest
from django.urls import reverse

from tests.factories import make_unit
from units.models import Unit, UnitEvent, Verb
from units.tree import WrongPlace, correct, kinds_for


def address(unit: Unit) -> str:
    return reverse("units:correct", args=[unit.pk])


def given(**fields) -> dict:
    return {"reason": "录入有误", "client_key": str(uuid.uuid4())} | fields


def on_record(unit: Unit) -> tuple[str, str | None]:
    return Unit.objects.values_list("kind", "code").get(pk=unit.pk)


@pytest.fixture
def station(tree) -> Unit:
    return make_unit(name="派出所", kind="department", parent=tree.shangshu)


def test_a_kind_and_a_code_are_corrected_with_what_stood_before(cast, station, tree, signed_in):
    client, form = signed_in(cast.county), given(kind="station", code="")
    for _twice in range(2):
        response = client.post(address(station), form)
        assert (response.status_code, response.url) == (302, f"/units/{station.pk}/")
    client.post(address(tree.liujiatang), given(kind="village", code="330523203299"))
    assert on_record(station) == ("station", None)
    assert on_record(tree.liujiatang) == ("village", "330523203299")
    event, other = UnitEvent.objects.filter(verb=Verb.CORRECT).order_by("pk")
    assert (event.unit, event.created_by, event.reason) == (station, cast.county, "录入有误")
    assert (event.old_kind, event.new_kind, other.new_code) == (
        "department", "station", "330523203299",
    )  # fmt: skip
    page = client.get(f"/units/{station.pk}/")
    assert "类别由“部门”更正为“基层站所”（原因：录入有误）" in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "village", "code": "33052320329"}, "区划代码应为12位数字"),
        ({"kind": "village", "code": "330523999999"}, "该区划代码已属于其他单位"),
        ({"kind": "station", "code": "330523203299"}, "该类单位没有区划代码"),
        ({"kind": "township", "code": ""}, "选择一个有效的选项"),
        ({"kind": "village", "code": "", "reason": ""}, "这个字段是必填项"),
        ({"kind": "department", "code": ""}, "与现有登记相同"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(cast, station, tree, signed_in, fields, said):
    make_unit(name="某村", kind="village", parent=tree.shangshu, code="330523999999")
    response = signed_in(cast.county).post(address(station), given(**fields))
    assert response.status_code == 422
    assert said in response.text
    assert on_record(station) == ("department", None)


def test_a_townships_code_ends_as_townships_codes_do(cast, tree, signed_in):
    client = signed_in(cast.county)
    wrong = client.post(address(tree.shangshu), given(kind="township", code="330523203201"))
    assert (wrong.status_code, "代码以000结尾" in wrong.text) == (422, True)
    right = client.post(address(tree.shangshu), given(kind="township", code="330523209000"))
    assert (right.status_code, on_record(tree.shangshu)[1]) == (302, "330523209000")


def test_only_kinds_that_fit_parent_and_children_and_never_levels_of_government(station, tree):
    make_unit(name="警务站", kind="station", parent=station)
    zone = make_unit(name="园区", kind="zone", parent=tree.shangshu)
    assert kinds_for(station) == ["department", "zone", "village"]
    make_unit(name="内设机构", kind="department", parent=station)
    assert kinds_for(station) == ["department", "zone"]
    assert kinds_for(zone) == ["zone", "department", "station", "village"]
    for unit in (tree.shangshu, tree.anji, tree.zone):
        assert kinds_for(unit) == [unit.kind]
    with pytest.raises(WrongPlace):
        correct(station, kind="village", code="", reason="误", by=None)
    assert on_record(station) == ("department", None)


def test_only_the_office_above_corrects_and_nothing_in_a_closed_unit(
    cast, station, tree, signed_in
):
    form = given(kind="station", code="")
    for user, code in ((cast.viewer, 403), (cast.sibling, 404), (cast.mentee, 403)):
        assert signed_in(user).post(address(station), form).status_code == code
    assert signed_in(cast.township).post(address(tree.shangshu), form).status_code == 403
    Unit.objects.filter(pk=station.pk).update(closed_on="2026-01-01")
    assert signed_in(cast.county).post(address(station), form).status_code == 409
    assert on_record(station) == ("department", None)
    assert not UnitEvent.objects.filter(verb=Verb.CORRECT).exists()
