"""Who served where on a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import Posting
from tests.factories import make_cadre

DAY = dt.date(2026, 3, 1)


def held(response) -> list[tuple]:
    return [
        (row.cadre.name, row.unit.name, row.title, row.is_main)
        for row in response.context["page"].rows
    ]


@pytest.fixture
def people(tree):
    """One who moved to another county on the day, one who left, one with a second post."""
    moved = make_cadre(unit=tree.dipu, name="曾丽", birth_month="1994-12", title="干事")
    moved.move_to(tree.yuyue, title="副镇长", on=DAY)
    left = make_cadre(unit=tree.dipu, name="钱退", birth_month="1966-02", title="主任")
    left.leave(on=dt.date(2026, 2, 10), reason="退休")
    second = make_cadre(unit=tree.dipu, name="单小明", birth_month="1991-11", title="科员")
    Posting.objects.create(cadre=second, unit=tree.dipu, title="文书", is_main=False, from_on=DAY)


def test_each_day_has_its_own_people(cast, people, signed_in):
    client = signed_in(cast.sibling)
    assert held(client.get("/cadres/serving/?as_of=2026-02-10&sort=name")) == [
        ("钱退", "递铺街道", "主任", True),
        ("单小明", "递铺街道", "科员", True),
        ("曾丽", "递铺街道", "干事", True),
    ]
    assert held(client.get("/cadres/serving/?as_of=2026-02-11&sort=name")) == [
        ("单小明", "递铺街道", "科员", True),
        ("曾丽", "递铺街道", "干事", True),
    ]
    assert held(client.get("/cadres/serving/?as_of=2026-03-01&sort=name&title=文")) == [
        ("单小明", "递铺街道", "文书", False),
    ]


def test_of_who_is_with_another_office_now_only_that_post_is_shown(cast, people, signed_in):
    before = signed_in(cast.sibling).get("/cadres/serving/?as_of=2026-02-28")
    cadre = Posting.objects.get(title="干事").cadre
    assert "曾丽" in before.text
    for hidden in (str(cadre.pk), "1994.12", "副镇长", "禹越镇"):
        assert hidden not in before.text
    there = signed_in(cast.other_county)
    assert held(there.get("/cadres/serving/?as_of=2026-02-28")) == []
    assert held(there.get(f"/cadres/serving/?as_of={DAY}")) == [("曾丽", "禹越镇", "副镇长", True)]


def test_the_filters_narrow_and_other_units_give_nothing(cast, people, tree, signed_in):
    client = signed_in(cast.county)
    assert held(client.get("/cadres/serving/?as_of=2026-02-10&q=zl")) == [
        ("曾丽", "递铺街道", "干事", True)
    ]
    assert held(
        client.get(f"/cadres/serving/?as_of=2026-02-10&unit={tree.shangshu.pk}&sort=name")
    ) == [
        ("褚师傅", "上墅乡", "干部", True),
        ("马徒弟", "上墅乡", "干部", True),
    ]
    refused = client.get(f"/cadres/serving/?as_of={DAY}&unit={tree.yuyue.pk}")
    assert refused.status_code == 422
    assert "禹越镇" not in refused.text
    for written in ("2999-01-01", "x"):
        answer = client.get(f"/cadres/serving/?as_of={written}&q=单小明")
        assert answer.status_code == 422
        assert "invalid-feedback" in answer.text
        assert {name for name, *_rest in held(answer)} == {"单小明"}  # of today


def test_an_earlier_address_gives_the_same_day(cast, people, signed_in):
    client = signed_in(cast.sibling)
    assert held(client.get("/cadres/serving/?on=2026-02-28")) == held(
        client.get("/cadres/serving/?as_of=2026-02-28")
    )
    page = client.get("/cadres/serving/?as_of=2026-02-28").text
    assert '以下为 <strong class="text-nowrap">2026年2月28日</strong> 的情况' in page
    assert "的情况" not in client.get("/cadres/serving/").text


def test_it_is_for_offices(cast, signed_in):
    for user in (cast.stranger, cast.mentor, cast.sysadmin):
        assert signed_in(user).get("/cadres/serving/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_for_one_row_as_for_three(cast, tree, signed_in, count):
    for number in range(count):
        make_cadre(unit=tree.yuyue, name=f"万{number}")
    client = signed_in(cast.other_county)
    with CaptureQueriesContext(connection) as queries:
        assert len(held(client.get("/cadres/serving/"))) == count
    assert len(queries) == 7, [query["sql"][:120] for query in queries]
