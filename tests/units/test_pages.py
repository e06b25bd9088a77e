import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories import make_cadre, make_grant, make_unit, make_user
from units.models import Unit, UnitEvent
from units.naming import full_names


def names(response) -> list[str]:
    return [line.unit.name for line in response.context["lines"]]


def test_the_list_opens_at_ones_own_unit_with_its_children(cast, tree, signed_in):
    make_unit(name="梅溪镇", kind="township", parent=tree.anji)
    response = signed_in(cast.county).get("/units/")
    assert response.context["at"] == tree.anji
    assert names(response) == ["上墅乡", "递铺街道", "县委组织部", "梅溪镇"]
    assert [line.children for line in response.context["lines"]] == [1, 0, 0, 0]


def test_somebody_with_two_grants_chooses_between_their_units(cast, tree, signed_in):
    make_grant(user=cast.county, role=Role.VIEWER, unit=tree.yuyue)
    response = signed_in(cast.county).get("/units/")
    assert (response.context["at"], names(response)) == (None, ["安吉县", "禹越镇"])


def test_one_walks_down_and_the_path_back_ends_at_ones_own_unit(cast, tree, signed_in):
    response = signed_in(cast.county).get(f"/units/?at={tree.shangshu.pk}")
    assert names(response) == ["刘家塘村"]
    assert response.context["crumbs"] == [tree.anji, tree.shangshu]


def test_another_county_is_neither_walked_into_nor_found(cast, tree, signed_in):
    client = signed_in(cast.county)
    assert client.get(f"/units/?at={tree.deqing.pk}").status_code == 404
    assert names(client.get("/units/?q=镇")) == []
    assert names(client.get("/units/?q=330521")) == []
    assert names(signed_in(cast.other_county).get("/units/?q=禹越")) == ["禹越镇"]


def test_search_finds_by_name_and_by_code_below_the_unit_at_hand(cast, tree, signed_in):
    client = signed_in(cast.county)
    assert names(client.get("/units/?q=上墅")) == ["上墅乡"]
    assert names(client.get("/units/?q=330523205")) == ["上墅乡", "刘家塘村"]
    assert names(client.get(f"/units/?at={tree.dipu.pk}&q=上墅")) == []


def test_htmx_gets_the_rows_alone(cast, signed_in):
    response = signed_in(cast.county).get("/units/?q=上墅", headers={"HX-Request": "true"})
    assert "上墅乡" in response.text
    assert "<html" not in response.text


def test_an_empty_place_says_so(cast, tree, signed_in):
    client = signed_in(cast.county)
    assert "没有下级单位。" in client.get(f"/units/?at={tree.dipu.pk}").text
    assert "此范围内没有这个名称或代码的单位。" in client.get("/units/?q=没有的").text


@pytest.mark.parametrize("extra", [0, 2])
def test_a_list_of_one_or_three_costs_the_same_queries(
    cast, tree, signed_in, django_assert_num_queries, extra
):
    for number in range(extra):
        make_unit(name=f"第{number}村", kind="village", parent=tree.shangshu)
    client = signed_in(cast.county)
    with django_assert_num_queries(9):
        response = client.get(f"/units/?at={tree.shangshu.pk}")
    assert len(names(response)) == 1 + extra


def test_full_names_of_a_page_cost_one_query(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = full_names([tree.liujiatang, tree.yuyue])
    assert found == {
        tree.liujiatang.pk: "浙江省/湖州市/安吉县/上墅乡/刘家塘村",
        tree.yuyue.pk: "浙江省/湖州市/德清县/禹越镇",
    }


def test_a_coordinator_adds_a_station_below_a_township(cast, tree, signed_in):
    client = signed_in(cast.county)
    form = {"parent": tree.shangshu.pk, "kind": "station", "name": " 上墅 司法所 ", "code": ""}
    response = client.post("/units/new/", form)
    assert (response.status_code, response.url) == (302, f"/units/?at={tree.shangshu.pk}")
    made = Unit.objects.get(kind="station")
    assert (made.name, made.parent, made.county, made.code) == (
        "上墅 司法所", tree.shangshu, tree.anji, None,
    )  # fmt: skip
    assert [(e.verb, e.created_by) for e in made.events.all()] == [("create", cast.county)]


def test_the_form_sent_twice_makes_one_unit(cast, tree, signed_in):
    form = {"parent": tree.shangshu.pk, "kind": "village", "name": "新村",
            "code": "330523205299", "client_key": str(uuid.uuid4())}  # fmt: skip
    client = signed_in(cast.county)
    assert [client.post("/units/new/", form).status_code for _ in range(2)] == [302, 302]
    assert Unit.objects.filter(name="新村").count() == 1
    assert UnitEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"parent": "yuyue"}, "parent", "请从列表中选择您管理范围内的单位。"),
        ({"parent": "liujiatang"}, "kind", "所选上级单位之下不能设置此类单位。"),
        ({"kind": "county"}, "kind", "选择一个有效的选项。 county 不在可用的选项中。"),
        ({"name": "刘家塘村"}, "name", "该上级单位下已有同名单位。"),
        ({"code": "330523205204"}, "code", "该区划代码已属于其他单位。"),
        ({"code": "3305232"}, "code", "区划代码应为12位数字。"),
        ({"kind": "station", "code": "330523205999"}, "code", "只有村（社区）填写区划代码。"),
    ],
)
def test_a_wrong_form_says_where(cast, tree, signed_in, change, field, message):
    form = {"parent": "shangshu", "kind": "village", "name": "新村", "code": ""} | change
    before = Unit.objects.count()
    form["parent"] = getattr(tree, form["parent"]).pk
    response = signed_in(cast.county).post("/units/new/", form)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert message in response.text
    assert Unit.objects.count() == before


def test_renaming_is_on_record_and_shown(cast, tree, signed_in):
    client = signed_in(cast.county)
    form = {"name": "组织部", "on": "2026-01-01"}
    response = client.post(reverse("units:edit", args=[tree.department.pk]), form)
    assert response.status_code == 302
    page = client.get(reverse("units:detail", args=[tree.department.pk])).text
    assert "由「县委组织部」更名为「组织部」" in page
    assert "安吉组织部" in page


def test_nobody_renames_or_closes_the_unit_of_their_own_grant_and_leaders_nothing(
    cast, tree, signed_in
):
    for user, unit in ((cast.county, tree.anji), (cast.viewer, tree.shangshu)):
        for name in ("units:edit", "units:close"):
            address = reverse(name, args=[unit.pk])
            assert signed_in(user).get(address).status_code == 403
            assert (
                signed_in(user).post(address, {"name": "某", "on": "2026-01-01"}).status_code == 403
            )
    assert signed_in(cast.viewer).get("/units/new/").status_code == 403
    assert not UnitEvent.objects.exists()


def test_a_closed_unit_is_offered_no_more_and_can_be_used_again(cast, tree, signed_in):
    client = signed_in(cast.county)
    address = reverse("units:close", args=[tree.liujiatang.pk])
    assert client.post(address, {"on": "2026-01-31"}).status_code == 302
    tree.liujiatang.refresh_from_db()
    assert tree.liujiatang.closed_on == dt.date(2026, 1, 31)
    assert client.get("/units/options/?q=刘家塘").json() == {"results": []}
    assert names(client.get(f"/units/?at={tree.shangshu.pk}")) == []
    assert names(client.get(f"/units/?at={tree.shangshu.pk}&closed=1")) == ["刘家塘村"]
    assert client.post(address).status_code == 302
    tree.liujiatang.refresh_from_db()
    assert tree.liujiatang.closed_on is None


@pytest.mark.parametrize(
    ("unit", "on", "message"),
    [
        ("shangshu", "2026-01-31", "请先撤销其下级单位。"),
        ("liujiatang", "2999-01-01", "日期不能晚于今天。"),
    ],
)
def test_a_unit_with_others_below_or_a_future_day_is_refused(
    cast, tree, signed_in, unit, on, message
):
    chosen = getattr(tree, unit)
    response = signed_in(cast.county).post(reverse("units:close", args=[chosen.pk]), {"on": on})
    assert response.status_code == 422
    assert message in response.text
    chosen.refresh_from_db()
    assert chosen.closed_on is None


def offered(signed_in, user, q="") -> list[str]:
    return [row["text"] for row in signed_in(user).get(f"/units/options/?q={q}").json()["results"]]


def test_options_are_units_of_the_grant_with_their_path(cast, tree, signed_in):
    found = signed_in(cast.township).get("/units/options/?q=刘").json()
    assert found == {
        "results": [
            {
                "value": tree.liujiatang.pk,
                "text": "刘家塘村",
                "note": "浙江省 / 湖州市 / 安吉县 / 上墅乡",
            }
        ]
    }
    assert offered(signed_in, cast.township) == ["上墅乡", "刘家塘村"]
    assert offered(signed_in, cast.township, "递铺&scope=all") == []


def test_the_best_fit_comes_first(cast, tree, signed_in):
    make_unit(name="新上墅村", kind="village", parent=tree.dipu)
    make_unit(name="上墅", kind="village", parent=tree.dipu)
    assert offered(signed_in, cast.county, "上墅") == ["上墅", "上墅乡", "新上墅村"]


def test_a_mentee_chooses_places_of_the_own_county_nearest_first(cast, tree, signed_in):
    assert offered(signed_in, cast.mentee) == [
        "上墅乡",
        "刘家塘村",
        "安吉县",
        "递铺街道",
        "县委组织部",
    ]
    assert offered(signed_in, cast.mentee, "禹越") == []


def test_a_stranger_and_the_sysadmin_are_offered_nothing_the_secadmin_the_own_area(
    cast, tree, signed_in
):
    assert offered(signed_in, cast.stranger) == []
    assert offered(signed_in, cast.sysadmin) == []
    assert offered(signed_in, cast.secadmin, "安吉") == ["安吉县"]
    keeper = make_user(username="keeper")
    make_grant(user=keeper, role=Role.SECADMIN, unit=tree.deqing)
    assert offered(signed_in, keeper) == ["德清县", "禹越镇"]


def test_fifty_are_offered_at_most(cast, tree, signed_in, django_assert_num_queries):
    for number in range(60):
        make_unit(name=f"第{number}村", kind="village", parent=tree.shangshu)
    client = signed_in(cast.county)
    with django_assert_num_queries(6):
        assert len(client.get("/units/options/?q=村").json()["results"]) == 50


def test_a_mentee_opens_no_unit_page(cast, tree, signed_in):
    make_cadre(unit=tree.dipu, name="递铺干部")
    for address in ("/units/", f"/units/{tree.shangshu.pk}/", "/units/new/"):
        assert signed_in(cast.mentee).get(address).status_code == 403


def test_the_page_of_a_unit_leads_to_its_people_and_no_further_than_its_own(cast, tree, signed_in):
    make_cadre(unit=tree.yuyue, name="外县干部")
    client = signed_in(cast.county)
    page = client.get(reverse("units:detail", args=[tree.shangshu.pk])).text
    address = f"{reverse('cadres:list')}?unit={tree.shangshu.pk}"
    assert f'href="{address}"' in page
    found = client.get(address).text
    assert "马徒弟" in found
    assert "外县干部" not in found
