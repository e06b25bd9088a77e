import base64
import json

import pytest

from accounts.models import User
from core import paging
from tests.factories import make_user

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
