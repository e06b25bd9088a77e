"""The pages on which a unit is renamed, moved, merged and closed."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import Role, User
from cadres.models import Cadre
from tests.factories import make_cadre, make_grant, make_unit, make_user
from units.models import Unit, UnitEvent

D = dt.date
DAY = "2026-06-01"


@pytest.fixture
def city(cast, tree) -> User:
    """Somebody of the city's office: of all counties, so units can go from one to another."""
    user = make_user(username="huzhou", name="湖州组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=tree.city)
    return user


def address(verb: str, unit: Unit) -> str:
    return reverse(f"units:{verb}", args=[unit.pk])


def given(**fields) -> dict:
    chosen = {name: value.pk for name, value in fields.items() if isinstance(value, Unit)}
    return {"on": DAY, "client_key": str(uuid.uuid4())} | fields | chosen


def below(unit: Unit) -> str:
    return Unit.objects.get(pk=unit.pk).parent.name


def test_a_move_is_shown_in_numbers_and_done_when_it_is_confirmed(city, tree, signed_in):
    make_cadre(unit=tree.liujiatang, name="村干部")
    client, form = signed_in(city), given(parent=tree.deqing)
    page = client.post(address("move", tree.shangshu), form)
    assert page.status_code == 200
    told = [words for words in ("3 人", "3 项任职", "1 名导师", "1 对结对", "下级单位 1 个")
            if words in page.text]  # fmt: skip
    assert len(told) == 5
    assert "德清县及其上级查看，原县（区）不再能查看" in page.text
    assert below(tree.shangshu) == "安吉县"
    response = client.post(address("move", tree.shangshu), form | {"is_confirmed": "1"})
    assert (response.status_code, response.url) == (302, f"/units/{tree.shangshu.pk}/")
    assert below(tree.shangshu) == "德清县"
    assert {row.county.name for row in Cadre.objects.all()} == {"德清县"}


def test_the_numbers_hold_nobody_who_left_before_the_day(city, tree, signed_in):
    make_cadre(unit=tree.shangshu, name="已离任").leave(on=D(2026, 5, 31), reason="退休")
    client = signed_in(city)
    assert "2 人" in client.post(address("move", tree.shangshu), given(parent=tree.deqing)).text
    earlier = given(parent=tree.deqing, on="2026-05-31")
    assert "3 人" in client.post(address("move", tree.shangshu), earlier).text


def test_a_move_within_the_county_says_nothing_of_another(cast, tree, signed_in):
    form = given(parent=tree.dipu)
    page = signed_in(cast.county).post(address("move", tree.liujiatang), form)
    assert page.status_code == 200
    assert "另一县" not in page.text
    assert "无在册人员和结对" in page.text


def test_confirmed_twice_it_is_done_once(city, tree, signed_in):
    client = signed_in(city)
    for verb, form in (
        ("move", given(parent=tree.deqing)),
        ("edit", given(name="上墅镇", on="2026-07-01")),
        ("merge", given(into=tree.yuyue, on="2026-08-01")),
    ):
        form |= {"is_confirmed": "1"}
        codes = [client.post(address(verb, tree.shangshu), form).status_code for _ in range(2)]
        assert codes == [302, 302], verb
    told = tree.shangshu.events.order_by("pk").values_list("verb", "on")
    assert list(told) == [
        ("move", D(2026, 6, 1)), ("rename", D(2026, 7, 1)), ("merge", D(2026, 8, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "parent"),
    [
        ("shangshu", "yuyue"),  # a township below a township
        ("shangshu", "anji"),  # where it stands
        ("shangshu", "deqing"),  # out of reach
        ("liujiatang", "liujiatang"),
    ],
)
def test_only_places_of_the_own_scope_that_hold_the_kind_can_be_chosen(
    cast, tree, signed_in, unit, parent
):
    unit, parent = getattr(tree, unit), getattr(tree, parent)
    form = given(parent=parent, is_confirmed="1")
    response = signed_in(cast.county).post(address("move", unit), form)
    assert response.status_code == 422
    assert response.context["form"].errors == {"parent": ["请从列表中选择您管理范围内的单位。"]}
    assert f'value="{DAY}"' in response.text
    assert not UnitEvent.objects.exists()


def test_the_search_offers_the_same_places(cast, city, tree, signed_in):
    def offered(user, query):
        rows = signed_in(user).get(f"/units/options/?{query}").json()["results"]
        return sorted(row["text"] for row in rows)

    village, township = tree.liujiatang.pk, tree.shangshu.pk
    assert offered(cast.county, f"moves={village}") == ["安吉县", "递铺街道"]
    assert offered(city, f"moves={township}") == ["南太湖新区", "德清县", "湖州市"]
    assert offered(cast.county, f"merges={township}") == ["递铺街道"]
    assert offered(city, f"merges={township}&q=禹") == ["禹越镇"]
    assert offered(cast.viewer, f"moves={township}") == []
    found = signed_in(cast.other_county).get(f"/units/options/?moves={township}")
    assert found.status_code == 404
    page = signed_in(cast.county).get(address("move", tree.liujiatang)).text
    assert f'data-search-url="/units/options/?moves={village}"' in page


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("2999-01-01", "日期不能晚于今天。"),
        ("2026-04-30", "2026-05-01已有变更记录，生效日期不能早于该日。"),
        ("某日", "输入一个有效的日期。"),
    ],
)
@pytest.mark.parametrize("verb", ["move", "merge", "edit"])
def test_a_wrong_day_is_said_beside_the_field(cast, tree, signed_in, verb, on, message):
    Unit.objects.filter(pk=tree.liujiatang.pk).update(from_on=D(2026, 5, 1))
    other = make_unit(name="新村", kind="village", parent=tree.shangshu)
    form = {"move": given(parent=tree.dipu), "merge": given(into=other), "edit": given(name="刘村")}
    client = signed_in(cast.county)
    response = client.post(address(verb, tree.liujiatang), form[verb] | {"on": on})
    assert response.status_code == 422
    assert response.context["form"].errors == {"on": [message]}


def test_a_merger_is_shown_with_the_roles_that_stay_behind(cast, tree, signed_in):
    client, form = signed_in(cast.county), given(into=tree.dipu)
    page = client.post(address("merge", tree.shangshu), form)
    assert page.status_code == 200
    assert "2 人" in page.text
    assert "上墅组织委员 · " in page.text
    assert "安吉领导" not in page.text
    assert Unit.objects.get(pk=tree.shangshu.pk).closed_on is None
    response = client.post(address("merge", tree.shangshu), form | {"is_confirmed": "1"})
    assert response.status_code == 302
    assert Unit.objects.get(pk=tree.shangshu.pk).successor == tree.dipu
    page = client.get(address("detail", tree.shangshu)).text
    assert "撤销，并入「递铺街道」" in page
    assert f'href="/units/{tree.dipu.pk}/"' in page
    assert address("close", tree.shangshu) not in page


def test_what_is_in_the_way_of_a_merger_is_named(cast, tree, signed_in):
    make_unit(name="刘家塘村", kind="village", parent=tree.dipu)
    response = signed_in(cast.county).post(address("merge", tree.shangshu), given(into=tree.dipu))
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "into": ["承接单位已有同名下级单位：刘家塘村，请先并入或更名。"]
    }


def test_people_and_pairs_keep_a_unit_open(cast, tree, signed_in):
    Unit.objects.filter(pk=tree.liujiatang.pk).update(closed_on=D(2026, 1, 1))
    response = signed_in(cast.county).post(address("close", tree.shangshu), given())
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "单位内尚有 2 人、1 名导师、1 对结对、2 项任职，请先调整或办结，或者办理并入。"
    ]
    assert address("merge", tree.shangshu) in response.text
    assert Unit.objects.get(pk=tree.shangshu.pk).closed_on is None


def test_a_closed_unit_is_changed_no_more_and_a_merged_one_not_opened(cast, tree, signed_in):
    client = signed_in(cast.county)
    form = given(into=tree.dipu, is_confirmed="1")
    assert client.post(address("merge", tree.shangshu), form).status_code == 302
    for verb, fields in (
        ("move", given(parent=tree.dipu)),
        ("merge", given(into=tree.dipu)),
        ("edit", given(name="某")),
    ):
        for extra in ({}, {"is_confirmed": "1"}):
            response = client.post(address(verb, tree.shangshu), fields | extra)
            assert response.status_code == 409, verb
            assert "该单位已撤销，不能再办理变更。" in response.text
    response = client.post(address("close", tree.shangshu))
    assert response.status_code == 409
    assert "该单位已并入递铺街道，不能恢复使用" in response.text
    assert tree.shangshu.events.count() == 1


def test_a_unit_below_a_closed_one_is_not_opened_alone(cast, tree, signed_in):
    station = make_unit(name="组工站", kind="station", parent=tree.department)
    Unit.objects.filter(pk__in=(station.pk, tree.department.pk)).update(closed_on=D(2026, 1, 1))
    response = signed_in(cast.county).post(address("close", station))
    assert response.status_code == 409
    assert "其上级单位“县委组织部”已撤销，请先恢复上级单位。" in response.text
    assert Unit.objects.get(pk=station.pk).closed_on == D(2026, 1, 1)


def test_nobody_moves_or_merges_the_unit_of_their_own_grant_and_leaders_nothing(
    cast, tree, signed_in
):
    for user, unit in ((cast.county, tree.anji), (cast.viewer, tree.shangshu)):
        for verb, form in (
            ("move", given(parent=tree.city, is_confirmed="1")),
            ("merge", given(into=tree.dipu, is_confirmed="1")),
        ):
            assert signed_in(user).post(address(verb, unit), form).status_code == 403
    assert not UnitEvent.objects.exists()


def test_the_history_is_told_on_both_sides_with_the_names_of_the_day(city, tree, signed_in):
    client = signed_in(city)
    for verb, unit, form in (
        ("move", tree.shangshu, given(parent=tree.deqing)),
        ("edit", tree.shangshu, given(name="上墅镇", on="2026-07-01")),
        ("merge", tree.shangshu, given(into=tree.yuyue, on="2026-08-01")),
    ):
        assert client.post(address(verb, unit), form | {"is_confirmed": "1"}).status_code == 302

    def told(unit):
        page = client.get(address("detail", unit))
        return [(str(entry.on), entry.sentence) for entry in page.context["entries"]]

    assert told(tree.shangshu) == [
        ("2026-08-01", "撤销，并入「禹越镇」"),
        ("2026-08-01", "「刘家塘村」划归「禹越镇」"),
        ("2026-07-01", "由「上墅乡」更名为「上墅镇」"),
        ("2026-06-01", "由「安吉县」划归「德清县」"),
    ]
    assert told(tree.anji) == [("2026-06-01", "「上墅乡」划归「德清县」")]
    assert told(tree.deqing) == [("2026-06-01", "「上墅乡」由「安吉县」划入")]
    assert told(tree.yuyue) == [
        ("2026-08-01", "「上墅镇」并入"),
        ("2026-08-01", "「刘家塘村」由「上墅镇」划入"),
    ]
    page = client.get(address("detail", tree.shangshu)).text
    assert "曾用名" in page
    assert "使用至2026年6月30日" in page


def test_villages_that_come_together_are_told_together(cast, tree, signed_in):
    for number in range(4):
        make_unit(name=f"第{number}村", kind="village", parent=tree.shangshu)
    client, form = signed_in(cast.county), given(into=tree.dipu, is_confirmed="1")
    assert client.post(address("merge", tree.shangshu), form).status_code == 302
    page = client.get(address("detail", tree.dipu))
    assert [entry.sentence for entry in page.context["entries"]] == [
        "「上墅乡」并入",
        "「第3村」、「第2村」、「第1村」等 5 个单位由「上墅乡」划入",
    ]


def test_back_from_the_numbers_nothing_is_lost(cast, tree, signed_in):
    form = given(parent=tree.dipu, is_to_change="1")
    response = signed_in(cast.county).post(address("move", tree.liujiatang), form)
    assert response.status_code == 200
    assert f'<option value="{tree.dipu.pk}" selected>' in response.text
    assert f'value="{DAY}"' in response.text
    assert form["client_key"] in response.text


def test_where_no_unit_can_take_it_the_page_says_who_can(cast, tree, signed_in):
    page = signed_in(cast.county).get(address("move", tree.shangshu))
    assert "请由同时管理双方的上级组织部门办理" in page.text
    assert "请由同时管理" not in signed_in(cast.county).get(address("merge", tree.shangshu)).text


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_with_much_history_asks_no_more(
    cast, tree, signed_in, django_assert_num_queries, count
):
    for number in range(count):
        tree.dipu.rename(f"第{number}街道", on=D(2026, 1, 1 + number), by=cast.county)
    client = signed_in(cast.county)
    with django_assert_num_queries(11):
        assert client.get(address("detail", tree.dipu)).status_code == 200


def test_a_new_unit_has_a_first_day(cast, tree, signed_in):
    form = {"parent": tree.anji.pk, "kind": "zone", "name": "开发区", "from_on": "2999-01-01"}
    client = signed_in(cast.county)
    response = client.post("/units/new/", form)
    assert response.context["form"].errors == {"from_on": ["日期不能晚于今天。"]}
    assert client.post("/units/new/", form | {"from_on": "2026-03-01"}).status_code == 302
    unit = Unit.objects.get(name="开发区")
    assert (unit.from_on, unit.events.get().on) == (D(2026, 3, 1), D(2026, 3, 1))
