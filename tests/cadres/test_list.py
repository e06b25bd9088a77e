from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.filters import MORE
from cadres.models import MenteeCategory
from tests.factories import make_cadre


def names(response) -> list[str]:
    return [cadre.name for cadre in response.context["page"].rows]


@pytest.fixture
def people(cast, tree):
    """Of two townships and of another county, each with something to be filtered by."""
    make_cadre(
        unit=tree.liujiatang,
        name="单小明",
        birth_month="1991-11",
        gender="1",
        political_status="01",
        education="31",
        later_education="21",
        is_party_school=True,
        work_month="2013-08",
        phone="13800001234",
        staffing="village",
    )
    make_cadre(
        unit=tree.dipu,
        name="曾丽",
        birth_month="1991-12",
        gender="2",
        political_status="03",
        education="21",
        ethnicity="22",
        work_month="2014-08",
        title="副镇长",
        staffing="civil",
        mentee_category=MenteeCategory.objects.first(),
    )
    make_cadre(unit=tree.yuyue, name="解放", birth_month="1990-01", gender="1",
               political_status="01", education="14", staffing="civil", ethnicity="22",
               phone="13900001234", title="镇长", work_month="2014-08")  # fmt: skip


def test_the_list_shows_the_subtree_in_the_order_of_pinyin_and_nobody_else(cast, people, signed_in):
    response = signed_in(cast.county).get("/cadres/")
    assert names(response) == ["褚师傅", "马徒弟", "单小明", "曾丽"]
    assert response.context["page"].total == 4
    assert "解放" not in response.text


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("township", ["褚师傅", "马徒弟", "单小明"]),
        ("sibling", ["曾丽"]),
        ("other_county", ["解放"]),
        ("viewer", ["褚师傅", "马徒弟", "单小明", "曾丽"]),
    ],
)
def test_everybody_sees_the_people_of_their_own_units(cast, people, signed_in, user, found):
    assert names(signed_in(getattr(cast, user)).get("/cadres/")) == found


@pytest.mark.parametrize("user", ["stranger", "mentor", "mentee", "sysadmin", "auditor"])
def test_the_register_is_closed_to_those_without_an_office(cast, signed_in, user):
    client = signed_in(getattr(cast, user))
    assert [client.get(a).status_code for a in ("/cadres/", "/cadres/options/")] == [403, 403]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gender=2", ["曾丽"]),
        ("political_status=01", ["单小明"]),
        ("staffing=village", ["单小明"]),
        ("is_bachelor=on", ["单小明", "曾丽"]),
        ("ethnicity=22", ["曾丽"]),
        ("education=21", ["曾丽"]),
        ("later_education=21", ["单小明"]),
        ("highest=21", ["单小明", "曾丽"]),
        ("highest=31", []),
        ("is_party_school=on", ["单小明"]),
        ("work_from=2014.08", ["曾丽"]),
        ("work_to=2014.7", ["单小明"]),
        ("born_from=1991.11&born_to=1991.11", ["单小明"]),
        ("born_to=1991.12", ["褚师傅", "单小明", "曾丽"]),
        ("title=镇长", ["曾丽"]),
        ("sign_in=yes", ["褚师傅", "马徒弟"]),
        ("sign_in=no", ["单小明", "曾丽"]),
        ("q=1234", ["单小明"]),
        ("q=00001234", ["单小明"]),
        ("q=99991234", []),
        ("q=234", []),
        ("q=刘家塘", ["单小明"]),
        ("q=shanxiao", ["单小明"]),
        ("q=ZL", ["曾丽"]),
        ("q=解放", []),
        (
            "gender=7&age_to=x&unit=nonsense&mentee_category=abc",
            ["褚师傅", "马徒弟", "单小明", "曾丽"],
        ),
    ],
)
def test_filters_narrow_the_list_and_unreadable_ones_do_not(cast, people, signed_in, query, found):
    assert names(signed_in(cast.county).get(f"/cadres/?{query}")) == found


def test_the_age_limit_includes_its_number(cast, people, signed_in, monkeypatch):
    monkeypatch.setattr("cadres.views.timezone.localdate", lambda: dt.date(2026, 11, 23))
    # Born 1991-11: 35 full years on that day. 35岁以下 includes them (Civil Code, art. 1259).
    assert names(signed_in(cast.county).get("/cadres/?age_to=35")) == ["马徒弟", "单小明", "曾丽"]
    assert names(signed_in(cast.county).get("/cadres/?age_to=34")) == ["马徒弟", "曾丽"]
    assert names(signed_in(cast.county).get("/cadres/?age_from=35")) == ["褚师傅", "单小明"]
    assert names(signed_in(cast.county).get("/cadres/?age_from=36")) == ["褚师傅"]
    assert names(signed_in(cast.county).get("/cadres/?age_from=30&age_to=35")) == ["单小明", "曾丽"]
    assert "年龄截至2026年11月23日" in signed_in(cast.county).get("/cadres/").text


def test_who_has_no_birth_month_is_within_no_bound_of_age(cast, tree, signed_in):
    make_cadre(unit=tree.yuyue, name="无考", birth_month="", work_month="")
    make_cadre(unit=tree.yuyue, name="有考", birth_month="1970-01", work_month="1990-01")
    client = signed_in(cast.other_county)
    for query in (
        "age_from=20",
        "age_to=80",
        "born_to=2020.1",
        "born_from=1900.1",
        "work_to=2020.1",
    ):
        assert names(client.get(f"/cadres/?{query}")) == ["有考"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", "丙丁甲乙"),
        ("-name", "乙甲丁丙"),
        ("age", "乙甲丙丁"),
        ("-age", "丁丙甲乙"),
        ("education", "丙甲乙丁"),
        ("-education", "丁乙甲丙"),
        ("unit", "丙丁甲乙"),
        ("work", "丁丙乙甲"),
        ("entered", "甲乙丙丁"),
        ("-entered", "丁丙乙甲"),
    ],
)
def test_headings_sort_and_pages_of_twenty_follow_on(cast, tree, signed_in, sort, found):
    facts = {  # birth, full-time and in-service education, work
        "甲": ("1990-01", "21", "", "2012-08"), "乙": ("1999-01", "31", "", "2010-01"),
        "丙": ("1980-05", "16", "21", "2000-01"), "丁": ("", "", "", ""),
    }  # fmt: skip
    for name, (birth, education, later, work) in facts.items():
        make_cadre(unit=tree.yuyue, name=name, birth_month=birth, education=education,
                   later_education=later, work_month=work)  # fmt: skip
    client = signed_in(cast.other_county)
    seen, after = [], ""
    while True:
        page = client.get(f"/cadres/?sort={sort}&size=20&after={after}").context["page"]
        seen += page.rows
        if not (after := page.next):
            break
    assert "".join(cadre.name for cadre in seen) == found


def test_filters_in_force_are_chips_that_can_be_removed(cast, people, tree, signed_in):
    response = signed_in(cast.county).get(
        f"/cadres/?gender=2&unit={tree.dipu.pk}&is_bachelor=on&age_to=x&sort=age&size=20"
    )
    shown = [(chip.label, chip.value) for chip in response.context["chips"]]
    assert shown == [("单位", "递铺街道"), ("性别", "女"), ("本科及以上", "")]
    assert (
        f'href="?unit={tree.dipu.pk}&amp;is_bachelor=on&amp;age_to=x&amp;sort=age&amp;size=20"'
        in (response.text)
    )
    hidden = '<input type="hidden" name="sort" value="age">'
    assert hidden in response.text


def test_an_empty_answer_says_what_to_do(cast, people, signed_in):
    page = signed_in(cast.county).get("/cadres/?q=没有这个人").text
    assert "可去掉上面的某个条件，或到已退出人员中查找" in page


def test_a_unit_of_another_county_filters_nothing_in(cast, people, tree, signed_in):
    client = signed_in(cast.county)
    assert names(client.get(f"/cadres/?unit={tree.dipu.pk}")) == ["曾丽"]
    response = client.get(f"/cadres/?unit={tree.yuyue.pk}")
    assert "解放" not in response.text
    assert "禹越镇" not in response.text


def test_who_has_left_is_found_by_asking_for_it(cast, people, tree, signed_in):
    gone = make_cadre(unit=tree.dipu, name="钱退", birth_month="1966-02")
    gone.leave(on=dt.date(2026, 2, 28), reason="退休")
    client = signed_in(cast.sibling)
    assert names(client.get("/cadres/")) == ["曾丽"]
    assert names(client.get("/cadres/?left=left")) == ["钱退"]
    assert names(client.get("/cadres/?left=all")) == ["钱退", "曾丽"]


def test_a_long_list_has_pages_that_keep_the_filters(cast, tree, signed_in):
    for number in range(60):
        make_cadre(unit=tree.yuyue, name=f"万{chr(0x4E00 + number)}", gender="2")
    client = signed_in(cast.other_county)
    first = client.get("/cadres/?gender=2")
    cursor = first.context["page"].next
    second = client.get(f"/cadres/?gender=2&after={cursor}")
    assert (len(names(first)), len(names(second)), second.context["page"].next) == (50, 10, "")
    assert not set(names(first)) & set(names(second))
    assert f"?gender=2&amp;after={cursor}" in first.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        make_cadre(
            unit=tree.yuyue, name=f"万{number}", mentee_category=MenteeCategory.objects.first()
        )
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(names(client.get("/cadres/"))) == count
    assert len(queries) == 6, [query["sql"][:120] for query in queries]


def test_homonyms_stand_apart_by_unit_and_birth_month(cast, tree, signed_in):
    make_cadre(unit=tree.dipu, name="王伟", birth_month="1985-07", title="副镇长")
    make_cadre(unit=tree.liujiatang, name="王伟", birth_month="1996-01", title="村委会主任")
    response = signed_in(cast.county).get("/cadres/?q=王伟")
    assert "1985.07生" in response.text
    assert "1996.01生" in response.text
    options = signed_in(cast.county).get("/cadres/options/?q=ww").json()["results"]
    assert sorted((row["text"], row["note"]) for row in options) == [
        ("王伟", "刘家塘村 · 1996.01 · 村委会主任"),
        ("王伟", "递铺街道 · 1985.07 · 副镇长"),
    ]


def test_the_options_hold_visible_people_on_the_register_alone(cast, people, tree, signed_in):
    make_cadre(unit=tree.dipu, name="钱退").leave(on=dt.date(2026, 2, 28), reason="退休")
    results = signed_in(cast.sibling).get("/cadres/options/").json()["results"]
    assert [row["text"] for row in results] == ["曾丽"]
    assert signed_in(cast.sibling).get("/cadres/options/?q=解放").json() == {"results": []}


def test_rarer_conditions_come_when_they_are_asked_for_or_in_force(cast, people, signed_in):
    client = signed_in(cast.county)
    folded = client.get("/cadres/?q=zl").text
    assert 'name="title"' not in folded
    assert 'hx-get="/cadres/conditions/"' in folded
    assert 'href="?q=zl&amp;more=1"' in folded
    unfolded = client.get("/cadres/?q=zl&more=1").text
    in_force = client.get("/cadres/?gender=2").text
    part = client.get("/cadres/conditions/").text
    for page in (unfolded, in_force, part):
        assert [name for name in MORE if f'name="{name}"' not in page] == []
    assert 'name="q"' not in part
    assert '<option value="2" selected>' in in_force
    assert signed_in(cast.mentor).get("/cadres/conditions/").status_code == 403
