import base64
import json

import pytest
from django.db import connection
from django.db.models import Case, Value, When
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tables import paging
from tests.factories import make_user
from units.models import Unit

ORDER = ("-name", "pk")


@pytest.fixture
def people(db):
    for number in range(7):
        make_user(name="甲乙丙"[number % 3])
    return list(User.objects.order_by(*ORDER))


def test_pages_one_after_another_hold_every_row_once(people):
    found, after = [], ""
    while True:
        page = paging.page_of(User.objects.all(), order=ORDER, after=after, size=3)
        found += page.rows
        if not (after := page.next):
            break
    assert found == people


@pytest.mark.parametrize("after", ["!!!", "W10", "bnVsbA", "WyJhIl0"])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(people, after):
    page = paging.page_of(User.objects.all(), order=ORDER, after=after, size=3)
    assert page.rows == people[:3]


@pytest.mark.parametrize("values", [["甲", "x"], ["\0", "1"], [1, 2], [["甲"], {"a": 1}]])
def test_a_cursor_with_a_value_of_another_kind_gives_the_first_page(people, values):
    after = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    page = paging.page_of(User.objects.all(), order=ORDER, after=after, size=3)
    assert page.rows == people[:3]


def test_counts_stop_at_the_cap(people, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 4)
    page = paging.page_of(User.objects.all(), order=ORDER, after="", size=3)
    assert (page.total, page.is_capped, page.capped_total) == (5, True, 4)


def walk(rows, order, size=2):
    """Every row by pages, as somebody leafing through sees them."""
    found, after = [], ""
    while True:
        page = paging.page_of(rows, order=order, after=after, size=size)
        found += page.rows
        if not (after := page.next):
            return found


@pytest.mark.parametrize(
    "order",
    [("code", "pk"), ("-code", "-pk"), ("parent__code", "pk"), ("-parent__code", "-pk"),
     ("kind", "-parent__code", "pk"), ("is_coded", "code", "-pk")],
)  # fmt: skip
def test_rows_with_empty_columns_stand_on_the_pages_once(tree, order):
    rows = Unit.objects.select_related("parent").annotate(
        is_coded=Case(When(code__startswith="33052", then=Value("yes")))
    )
    in_order = list(rows.order_by(*order))
    assert {None} < {unit.code for unit in in_order}
    assert walk(rows, order) == in_order


def test_a_page_far_down_begins_at_its_cursor_in_the_index(people):
    first = paging.page_of(User.objects.all(), order=ORDER, after="", size=3)
    with CaptureQueriesContext(connection) as queries:
        paging.page_of(User.objects.all(), order=ORDER, after=first.next, size=3)
    assert '"name" <= ' in queries[-1]["sql"]
