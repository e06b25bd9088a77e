import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core import htmx


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "page"),
        ({"HX-Request": "true"}, "part"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "page"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "page"),
    ],
)
def test_back_and_a_plain_request_get_the_whole_page(monkeypatch, headers, expected):
    monkeypatch.setattr(htmx, "render", lambda _r, name, _c, status: HttpResponse(name))
    request = RequestFactory().get("/", headers=headers)
    assert htmx.page_or_part(request, "page", "part", {}).content.decode() == expected
