from __future__ import annotations

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from tables.sorting import Heading, Sort, Sorting, is_narrowed

SORTS = {"name": Sort("姓名", ("pinyin", "id")), "age": Sort("年龄", ("-birth_month", "id"))}


def read(address: str) -> Sorting:
    return Sorting.read(SORTS, QueryDict(address))


@pytest.mark.parametrize(
    ("address", "order", "size"),
    [
        ("", ("pinyin", "id"), 50),
        ("sort=age&size=200", ("-birth_month", "id"), 200),
        ("sort=-age&size=20", ("birth_month", "-id"), 20),
        ("sort=password&size=1000000", ("pinyin", "id"), 50),
        ("sort=--age&size=x", ("pinyin", "id"), 50),
    ],
)
def test_the_address_says_how_a_list_is_sorted_and_sized(address, order, size):
    sorting = read(address)
    assert (sorting.order, sorting.size) == (order, size)


def test_a_list_may_begin_otherwise_than_with_its_first_column():
    assert Sorting.read(SORTS, QueryDict(""), default="-age").order == ("birth_month", "-id")


def test_a_heading_leads_to_its_column_and_then_the_other_way_round():
    assert read("sort=age").headings == {
        "name": Heading("姓名", "name", ""),
        "age": Heading("年龄", "-age", "ascending"),
    }
    assert read("sort=-age").headings["age"] == Heading("年龄", "age", "descending")


def test_links_keep_the_filters_and_drop_the_cursor():
    request = RequestFactory().get("/?gender=2&after=abc&sort=name&size=20")
    sorting = Sorting.read(SORTS, request.GET)
    head = render_to_string("tables/_sort_heading.html", {"head": sorting.headings["age"]}, request)
    assert 'href="?gender=2&amp;sort=age&amp;size=20"' in head
    pages = render_to_string("tables/_sort_pages.html", {"sorting": sorting, "page": None}, request)
    assert 'href="?gender=2&amp;sort=name&amp;size=100"' in pages


def test_sorting_and_sizing_are_no_filters():
    assert not is_narrowed(QueryDict("sort=age&size=20&after=abc&gender="))
    assert is_narrowed(QueryDict("sort=age&gender=2"))
