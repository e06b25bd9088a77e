"""The pages and wall charts of lineage: what they hold, for whom, and what they refuse."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from itertools import pairwise

import pytest
from pypdf import PdfReader

from pairings import lineage, lineage_drawing, lineage_window, wall_chart
from pairings.lineage import Lineage, Tie, arrange
from pairings.states import Role, State
from tests.factories import make_cadre
from tests.pairings.test_lineage import teach

D = dt.date
UNIT, CHART = "/pairings/lineage/", "/pairings/lineage/chart/"


def data(response) -> list:
    found = re.search(r'<script id="lineage-data"[^>]*>(.*?)</script>', response.text, re.S)
    return json.loads(found[1]) if found else []


def names(branches) -> list:
    return [[each["name"], names(each["children"])] for each in branches]


def words(response) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.fixture
def generations(cast, tree):
    """褚师傅 taught 马徒弟 (the cast's pair), who teaches 小徒孙; 外师 taught 马徒弟 as well."""
    grandchild = make_cadre(unit=tree.liujiatang, name="小徒孙", birth_month="2001-09")
    teach(cast.mentee_row, grandchild, 2026)
    guest = make_cadre(unit=tree.yuyue, name="外师")
    teach(guest, cast.mentee_row, 2024, State.COMPLETED)
    teach(make_cadre(unit=tree.yuyue, name="金丝雀师祖"), guest, 2010)
    teach(guest, make_cadre(unit=tree.yuyue, name="金丝雀徒弟"), 2020)
    return grandchild


def test_a_units_page_draws_the_tree_and_says_it_in_words(cast, generations, signed_in):
    response = signed_in(cast.township).get(UNIT)
    assert response.status_code == 200
    assert names(data(response)) == [
        ["外师", [["马徒弟", [["小徒孙", []]]]]],
        ["褚师傅", [["马徒弟", []]]],
    ]
    assert [each["kind"] for each in data(response)[1]["children"]] == ["reference"]
    rows = re.findall(r'<td data-label="师从">\s*(.*?)\s*</td>', response.text, re.S)
    assert [re.sub(r"\s", "", row) for row in rows] == ["—", "外师、褚师傅", "马徒弟", "—"]
    assert "金丝雀" not in response.text


def test_a_persons_page_shows_both_ways(cast, generations, signed_in):
    response = signed_in(cast.township).get(f"/pairings/lineage/of/{generations.pk}/?depth=1")
    assert names(data(response)) == [["马徒弟", [["小徒孙", []]]]]
    assert "上面还有导师" in response.text
    assert 'href="?depth=4"' in response.text
    whole = signed_in(cast.township).get(f"/pairings/lineage/of/{generations.pk}/?depth=4")
    assert names(data(whole))[0] == ["外师", [["马徒弟", [["小徒孙", []]]]]]
    assert "上面还有导师" not in whole.text


def test_nobody_of_another_county_is_named_in_page_data_or_print(cast, generations, signed_in):
    """外师 is known by the pair; whom he taught and who taught him is Deqing's."""
    client = signed_in(cast.county)
    person = f"/pairings/lineage/of/{cast.mentee_row.pk}/"
    for address in (UNIT, person):
        response = client.get(address)
        assert "外师" in response.text
        assert "金丝雀" not in response.text
    for address in (CHART, f"{person}chart/"):
        printed = words(client.get(address))
        assert "外师" in printed
        assert "金丝雀" not in printed
    # The negative control: it is there to be leaked.
    assert "金丝雀" in signed_in(cast.other_county).get(UNIT).text
    assert "金丝雀" in words(signed_in(cast.other_county).get(CHART))


def test_a_unit_outside_the_scope_is_not_found(cast, tree, generations, signed_in):
    client = signed_in(cast.sibling)
    for address in (UNIT, CHART):
        for unit in (tree.shangshu.pk, tree.anji.pk, "x"):
            assert client.get(f"{address}?unit={unit}").status_code == 404
    assert signed_in(cast.mentee).get(UNIT).status_code == 403


def test_both_sides_open_their_own_lineage(cast, generations, signed_in):
    client = signed_in(cast.mentor)
    own = cast.mentor_row.cadre_id
    assert names(data(client.get(f"/pairings/lineage/of/{own}/"))) == [["褚师傅", [["马徒弟", []]]]]
    assert client.get(f"/pairings/lineage/of/{cast.mentee_row.pk}/").status_code == 404
    panel = signed_in(cast.county).get(f"/pairings/of/{own}/").text
    assert f'href="/pairings/lineage/of/{own}/"' in panel


def test_a_person_without_a_pair_and_an_empty_unit(cast, tree, signed_in):
    alone = make_cadre(unit=tree.dipu, name="独行")
    client = signed_in(cast.sibling)
    assert names(data(client.get(f"/pairings/lineage/of/{alone.pk}/"))) == [["独行", []]]
    empty = client.get(UNIT)
    assert "截至当日，此处还没有开始的结对。" in empty.text
    assert "挂图" not in empty.text
    assert words(client.get(CHART)).startswith("递铺街道师承谱系")


@pytest.mark.parametrize(
    ("asked", "said"), [("as_of=2999-01-01", "截至日期不能晚于今天。"), ("as_of=x", "输入")]
)
def test_a_day_that_cannot_be_is_refused_beside_the_field(cast, signed_in, asked, said):
    client = signed_in(cast.county)
    person = f"/pairings/lineage/of/{cast.mentee_row.pk}/"
    for address in (UNIT, CHART, person, f"{person}chart/"):
        response = client.get(f"{address}?{asked}")
        assert response.status_code == 422
        assert said in response.text
        assert asked.partition("=")[2] in response.text


def test_the_chart_prints_names_units_and_the_day_and_no_birth_month(cast, generations, signed_in):
    response = signed_in(cast.county).get(f"{CHART}?as_of=2026-06-01")
    assert response["Content-Type"] == "application/pdf"
    printed = words(response)
    assert printed.startswith("安吉县师承谱系截至2026年6月1日·共4人·3代")
    assert "小徒孙刘家塘村" in printed
    assert "2001" not in printed
    box = PdfReader(io.BytesIO(response.content)).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (420, 297)


def test_homonyms_of_one_unit_have_their_birth_months_in_the_drawing_and_in_print(
    cast, tree, signed_in
):
    teacher = make_cadre(unit=tree.dipu, name="师")
    for month in ("1990-01", "1991-02"):
        teach(teacher, make_cadre(unit=tree.dipu, name="王伟", birth_month=month), 2020)
    [branch] = data(signed_in(cast.sibling).get(UNIT))
    assert [each["beside"] for each in (branch, *branch["children"])] == [
        "递铺街道",
        "1990.01 · 递铺街道",
        "1991.02 · 递铺街道",
    ]
    printed = words(signed_in(cast.sibling).get(CHART))
    assert "王伟递铺街道·1990.01" in printed
    assert "王伟递铺街道·1991.02" in printed
    assert "1995" not in printed


def test_a_name_that_no_font_draws_is_told_and_not_printed(cast, signed_in):
    cast.mentee_row.name = "马\ue000"
    cast.mentee_row.save()
    response = signed_in(cast.county).get(f"{CHART}?as_of=2026-06-01")
    assert response.status_code == 409
    assert "（U+E000）字，谱系图未生成" in response.text
    assert 'href="/pairings/lineage/?as_of=2026-06-01"' in response.text


def test_too_large_a_unit_says_so_on_the_page_and_for_the_chart(cast, tree, signed_in, monkeypatch):
    monkeypatch.setattr(lineage, "READ_MOST", 0)
    client = signed_in(cast.county)
    page = client.get(UNIT)
    assert "谱系人数过多，无法成图：请选择下级单位。" in page.text
    assert f"unit={tree.shangshu.pk}" in page.text
    assert client.get(CHART).status_code == 409


def told(response) -> list[str]:
    cells = re.findall(r'<td data-label="姓名">(.*?)</td>', response.text, re.S)
    return [re.sub(r"<[^>]*>|\s", "", cell) for cell in cells]


def test_the_drawing_ends_with_the_generation_for_which_there_is_room(
    cast, generations, signed_in, monkeypatch
):
    monkeypatch.setattr(lineage_drawing, "DRAWN_MOST", 4)
    response = signed_in(cast.county).get(UNIT)
    assert names(data(response)) == [["外师", [["马徒弟", []]]], ["褚师傅", [["马徒弟", []]]]]
    assert data(response)[0]["children"][0]["more"] == 1
    assert "图中可画 2 代" in response.text
    monkeypatch.setattr(lineage_drawing, "DRAWN_MOST", 3)
    response = signed_in(cast.county).get(UNIT)
    assert names(data(response)) == [["外师", [["马徒弟", []]]]]
    assert "本页另有 1 支未画入图中" in response.text


def test_the_table_turns_its_pages_row_by_row(cast, generations, signed_in, monkeypatch):
    monkeypatch.setattr(lineage_window, "PAGE", 3)
    client = signed_in(cast.county)
    first = client.get(f"{UNIT}?least=1")
    assert told(first) == ["外师", "马徒弟", "小徒孙"]
    assert [each["name"] for each in data(first)] == ["外师"]
    [address] = re.findall(r'href="(\?[^"]*after=[^"]+)"', first.text)
    second = client.get(UNIT + address.replace("&amp;", "&"))
    assert told(second) == ["褚师傅"]
    assert names(data(second)) == [["褚师傅", [["马徒弟", []]]]]
    assert "下一页" not in second.text
    # A person who does not stand here any more gives the first page.
    assert told(client.get(f"{UNIT}?after=x")) == told(first)


def test_a_deep_line_is_folded_and_opened_from_there(cast, tree, generations, signed_in):
    line = [generations, *(make_cadre(unit=tree.liujiatang, name=name) for name in "戊己")]
    for number, (mentor, mentee) in enumerate(pairwise(line)):
        teach(mentor, mentee, 2020 + number)
    client = signed_in(cast.county)
    whole = client.get(UNIT)
    assert told(whole) == ["外师", "马徒弟", "小徒孙", "褚师傅"]
    assert "下面还有 2 人" in re.sub(r"\s+", " ", whole.text)
    [address] = re.findall(r'href="(\?[^"]*under=[^"]+)"', whole.text)
    opened = client.get(UNIT + address)
    assert told(opened) == ["小徒孙", "戊", "己"]
    assert names(data(opened)) == [["小徒孙", [["戊", [["己", []]]]]]]
    assert "返回全部谱系" in opened.text


def test_a_person_is_found_within_the_lineage_and_nobody_else(cast, generations, signed_in):
    client = signed_in(cast.county)
    for words in ("小徒", "xts"):
        found = client.get(f"{UNIT}?q={words}")
        assert told(found) == ["小徒孙"]
        assert names(data(found)) == [["外师", [["马徒弟", [["小徒孙", []]]]]]]
        assert data(found)[0]["children"][0]["children"][0]["kind"] == "focus"
    nobody = client.get(f"{UNIT}?q=金丝雀")
    assert told(nobody) == []
    assert "本谱系中没有这个姓名" in nobody.text
    person = f"/pairings/lineage/of/{cast.mentee_row.pk}/"
    assert told(client.get(f"{person}?q=褚")) == ["褚师傅"]


def test_a_role_stands_in_page_drawing_and_print(cast, tree, signed_in):
    guest = make_cadre(unit=tree.shangshu, name="政师")
    teach(guest, cast.mentee_row, 2024, State.COMPLETED, role=Role.POLITICAL)
    client = signed_in(cast.county)
    page = client.get(UNIT)
    assert "政师（政治导师）、褚师傅" in re.sub(r"\s", "", page.text)
    assert [each["children"][0]["role"] for each in data(page)] == ["政治导师", ""]
    printed = words(client.get(CHART))
    assert "马徒弟上墅乡·政治导师" in printed


def test_as_many_queries_for_a_page_of_one_line_as_of_three(
    cast, tree, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county)
    for _more in range(3):
        for address in (UNIT, f"{UNIT}?q=褚"):
            with django_assert_num_queries(9 + ("q=" in address)):
                client.get(address)
        teach(make_cadre(unit=tree.dipu), make_cadre(unit=tree.dipu), 2020)


def test_a_wall_chart_says_what_has_no_room(cast, tree, generations, signed_in, monkeypatch):
    client = signed_in(cast.county)
    assert "未印" not in words(client.get(CHART))
    monkeypatch.setattr(wall_chart, "PRINTED_MOST", 4)
    printed = words(client.get(CHART))
    assert "小徒孙" in printed
    assert "褚师傅" not in printed
    assert "版面所限，未印1支代数较少的谱系，共1人。" in printed
    monkeypatch.undo()
    person = f"/pairings/lineage/of/{generations.pk}/"
    assert "未印其中1人更上或更下的各代。" in words(client.get(f"{person}chart/?depth=1"))
    assert "未印" not in words(client.get(f"{person}chart/?depth=4"))


def test_three_hundred_people_stand_on_one_sheet_and_more_take_more():
    def pages(lineages: int) -> int:
        ties = [Tie(f"m{n}", f"m{n}-{k}", D(2020, 1, 1)) for n in range(lineages) for k in range(2)]
        found = Lineage(D(2026, 11, 23), arrange(ties))
        for node in found.rows:
            node.name, node.unit = "欧阳修远", "上墅乡便民服务中心"
        chart = wall_chart.chart_of(found, "上墅乡师承谱系", "上墅乡")
        return len(PdfReader(io.BytesIO(wall_chart.render(chart, found.as_of))).pages)

    assert [pages(n) for n in (1, 12, 33, 56, 76, 100, 300)] == [1, 1, 1, 1, 1, 1, 3]
