from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_cadre


def test_the_page_tells_the_facts_in_chinese(cast, tree, signed_in):
    cadre = make_cadre(
        unit=tree.liujiatang, name="曾丽", gender="2", birth_month="1994-12", ethnicity="22",
        political_status="01", party_month="2015-06", education="31", later_education="21",
        work_month="2016-08",
        staffing="village", title="党支部书记",
    )  # fmt: skip
    page = signed_in(cast.township).get(f"/cadres/{cadre.pk}/").text
    for text in ("1994.12", "女", "畲族", "中共党员", "2015.06", "大学专科毕业", "大学本科毕业",
                 "2016.08", "村(社)干部", "刘家塘村 党支部书记", "起始日期不详"):  # fmt: skip
        assert text in page


def test_the_panels_of_upper_floors_come_by_their_addresses(cast, signed_in):
    client = signed_in(cast.township)
    page = client.get(f"/cadres/{cast.mentee_row.pk}/").text
    for address in (f"/mentors/of/{cast.mentee_row.pk}/", f"/pairings/of/{cast.mentee_row.pk}/"):
        assert f'hx-get="{address}"' in page
        assert client.get(address).status_code == 200


def test_a_person_without_birth_month_or_gender_has_a_page(cast, tree, signed_in):
    cadre = make_cadre(unit=tree.dipu, name="无考", birth_month="", gender="")
    client = signed_in(cast.sibling)
    assert client.get(f"/cadres/{cadre.pk}/").status_code == 200
    assert "无考" in client.get("/cadres/").text
    assert client.get("/cadres/options/?q=无考").json()["results"][0]["note"] == "递铺街道 · 干部"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_post_as_for_three(cast, tree, signed_in, count):
    cadre = make_cadre(unit=tree.dipu, name="万一")
    for number in range(count - 1):
        cadre.move_to(tree.dipu, title=f"职务{number}", on=dt.date(2026, 1 + number, 1))
    client = signed_in(cast.sibling)
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(f"/cadres/{cadre.pk}/").context["postings"]) == count
    assert len(queries) == 10, [query["sql"][:120] for query in queries]


def test_who_was_posted_in_a_unit_before_is_not_its_any_more(cast, tree, signed_in):
    cadre = make_cadre(unit=tree.shangshu, name="万二")
    cadre.move_to(tree.dipu, title="干事", on=dt.date(2026, 3, 1))
    assert signed_in(cast.township).get(f"/cadres/{cadre.pk}/").status_code == 404
    assert signed_in(cast.sibling).get(f"/cadres/{cadre.pk}/").status_code == 200
