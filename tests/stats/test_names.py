"""Behind each figure stands its list: as many rows as the figure says, and nobody else's."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from stats import figures
from stats.grids import address
from stats.indicators import counted
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.stats.population import TODAY, populate

D = dt.date
ROW = re.compile(r'<tr>\s*<td data-label="', re.S)


@pytest.mark.parametrize("place", ["city", "anji"])
def test_every_figure_has_as_many_rows_behind_it_as_it_says(tree, place):
    populate(tree, 11)
    table = figures.table(getattr(tree, place), D(2026, 6, 30))
    indicators = counted(table.columns)
    filled = 0
    for line in table.lines:
        for code, number in line.counts.items():
            if code in indicators:
                rows = figures.behind(table.unit, table.cut, indicators[code], line.key)
                assert rows.count() == number, (line.name, code)
                filled += bool(number)
    assert filled > 60


def test_the_page_of_every_figure_shows_its_number_and_its_rows(cast, tree, signed_in):
    populate(tree, 12, people=40, records=60)
    client = signed_in(cast.county)
    table = figures.table(tree.anji, TODAY)
    for code, number in table.total.counts.items():
        response = client.get(address("stats:names", tree.anji, table.cut, indicator=code))
        assert response.status_code == 200
        assert f'<span class="stats-count">{number}</span>' in response.text, code
        assert len(ROW.findall(response.text)) == min(number, 50)


def test_pages_of_a_long_list_add_up_and_repeat_nobody(cast, tree, signed_in):
    for _ in range(118):  # homonyms all of them: only the id tells them apart
        make_cadre(unit=tree.dipu, name="王芳")
    client = signed_in(cast.county)
    cut = figures.table(tree.anji, TODAY).cut
    href, found = address("stats:names", tree.anji, cut, indicator="people"), []
    while href:
        text = client.get(href).text
        assert '<span class="stats-count">120</span>' in text
        found.append(re.findall(r'href="/cadres/([0-9a-f-]{36})/"', text))
        more = re.search(r'href="(\?[^"]*after=[^"]*)"', text)
        href = "/statistics/names/" + more[1].replace("&amp;", "&") if more else ""
    assert [len(page) for page in found] == [50, 50, 20]
    assert len({pk for page in found for pk in page}) == 120


def test_a_list_shows_its_own_area_and_nobody_elses(cast, tree, signed_in):
    make_cadre(unit=tree.dipu, name="递铺人")
    make_cadre(unit=tree.yuyue, name="德清人")
    client = signed_in(cast.county)
    cut = figures.table(tree.anji, TODAY).cut

    def names(**asked):
        href = address("stats:names", tree.anji, cut, indicator="people", **asked)
        return set(re.findall(r"褚师傅|马徒弟|递铺人|德清人", client.get(href).text))

    assert names() == {"褚师傅", "马徒弟", "递铺人"}
    assert names(row=str(tree.shangshu.pk)) == {"褚师傅", "马徒弟"}
    assert names(row="own") == set()


def test_of_somebody_who_has_moved_away_the_post_of_the_day_is_shown_without_a_link(
    cast, tree, signed_in
):
    cut = figures.table(tree.anji, TODAY).cut
    today = address("stats:names", tree.anji, cut, indicator="mentees")
    assert "1998.07" in signed_in(cast.county).get(today).text
    cast.mentee_row.move_to(tree.yuyue, title="新职", on=D(2026, 7, 1))
    cut = figures.table(tree.anji, D(2026, 6, 30)).cut
    href = address("stats:names", tree.anji, cut, indicator="mentees")
    text = signed_in(cast.county).get(href).text
    assert "马徒弟" in text
    assert "上墅乡" in text
    assert "新职" not in text
    assert "1998.07" not in text
    assert str(cast.mentee_row.pk) not in text


def test_a_list_takes_as_many_queries_with_one_row_as_with_three(
    cast, tree, signed_in, django_assert_max_num_queries
):
    client, counts = signed_in(cast.county), []
    for more in (0, 2):
        for _ in range(more):
            mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu))
            make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.shangshu))
        for code in ("mentors", "mentees", "pairs_running"):
            cut = figures.table(tree.anji, TODAY).cut
            href = address("stats:names", tree.anji, cut, indicator=code)
            with django_assert_max_num_queries(20) as seen:
                client.get(href)
            counts.append((code, len(seen)))
    assert counts[:3] == counts[3:]
