"""A visit together with the mentor is one record, and both find it in every place."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.contact import with_last_contact
from activities.coverage import of_pair as methods_of
from handbooks.gathering import gather
from pairings.models import Pairing
from tests.activities.making import make_matter, make_visit
from tests.factories import make_cadre, make_mentor, make_pairing

DAY = dt.date(2026, 10, 9)
ASKED = "灌溉水渠漏水"


@pytest.fixture
def visit(cast, tree):
    """Together; and one of another pair, which neither of the two may meet anywhere."""
    far = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="远师傅"))
    other = make_pairing(mentor=far, mentee=make_cadre(unit=tree.yuyue, name="远徒弟"))
    make_visit(pairing=other, place_text="远山村", happened_on=DAY, is_with_mentor=True)
    row = make_visit(
        pairing=cast.pairing, happened_on=DAY, is_with_mentor=True, asked=ASKED,
        created_by=cast.mentee,
    )  # fmt: skip
    make_matter(in_=row)
    return row


@pytest.fixture(params=["mentor", "mentee"])
def reader(request, cast, signed_in):
    user = getattr(cast, request.param)
    return user, signed_in(user)


def test_the_list_has_it_once_and_by_its_days_and_pair(cast, visit, reader):
    _user, client = reader
    for asked in ({}, {"pairing": cast.pairing.pk}, {"first": DAY, "last": DAY}, {"q": "马徒弟"}):
        page = client.get(reverse("activities:list"), {"kind": "visit", **asked})
        assert page.context["page"].rows == [visit]
        assert "远山村" not in page.text
    none = client.get(reverse("activities:list"), {"kind": "visit", "first": "2026-10-10"})
    assert none.context["page"].rows == []


def test_its_page_says_that_they_went_together_and_what_stayed_open(visit, reader):
    _user, client = reader
    page = client.get(reverse("activities:visit_detail", args=[visit.pk])).text
    for text in ("导师同行", ASKED, "村口路灯不亮"):
        assert text in page


def test_the_pairs_panel_months_and_matters_have_it(cast, visit, reader):
    _user, client = reader
    panel = client.get(reverse("activities:panel", args=[cast.pairing.pk]))
    groups = {group["kind"]: list(group["rows"]) for group in panel.context["groups"]}
    assert groups == {"visit": [visit], "session": [], "assignment": []}
    [year] = client.get(reverse("activities:months", args=[cast.pairing.pk])).context["years"]
    assert [tuple(month) for month in year.months] == [(DAY.replace(day=1), 1, 0, 0)]
    page = client.get(reverse("activities:matters", args=[cast.pairing.pk]))
    assert [matter.raised_in for matter in page.context["open"]] == [visit]


def test_the_handbook_of_each_has_the_same_lines(cast, visit, reader):
    user, _client = reader
    [month] = gather(cast.pairing, user, timezone.localdate())["months"]
    [entry] = month["entries"]
    assert entry["title"] == "10月9日\u3000走访：溪边茶园，农户（居民），1，与导师同行（补记）"
    assert entry["lines"] == [f"反映事项：{ASKED}", "未了事项：村口路灯不亮（未了）"]


def test_it_is_contact_and_none_of_the_six_methods(cast, visit):
    row = with_last_contact(Pairing.objects.all()).get(pk=cast.pairing.pk)
    assert row.last_contact_on == DAY
    coverage = methods_of(cast.pairing, timezone.localdate())
    assert {used.times for used in coverage.used} == {0}
