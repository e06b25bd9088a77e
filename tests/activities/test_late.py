import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Visit
from tests.activities.making import make_session, make_visit

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("maker", [make_visit, make_session])
@pytest.mark.parametrize(("days", "is_late"), [(0, False), (7, False), (8, True)])
def test_a_record_is_late_from_the_eighth_day(cast, maker, days, is_late):
    row = maker(pairing=cast.pairing, happened_on=timezone.localdate() - days * DAY)
    assert row.is_late == is_late


def test_the_day_of_entry_is_the_day_here_not_in_greenwich(cast):
    row = make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 6, 1))
    # 8 June, 23:30 in UTC, is the 9th in China.
    for hour, is_late in ((15, False), (23, True)):
        at = dt.datetime(2026, 6, 8, hour, 30, tzinfo=dt.UTC)
        Visit.objects.filter(pk=row.pk).update(created_at=at)
        assert Visit.objects.get(pk=row.pk).is_late == is_late


def test_it_is_said_on_its_page_in_the_list_and_on_the_page_of_the_pair(cast, signed_in):
    row = make_visit(pairing=cast.pairing, happened_on=timezone.localdate())
    pages = [
        reverse("activities:visit_detail", args=[row.pk]),
        reverse("activities:list") + "?kind=visit",
        reverse("activities:panel", args=[cast.pairing.pk]),
    ]
    client = signed_in(cast.mentee)
    assert ["补记" in client.get(page).text for page in pages] == [False] * 3
    Visit.objects.filter(pk=row.pk).update(happened_on=timezone.localdate() - 8 * DAY)
    assert ["补记" in client.get(page).text for page in pages] == [True] * 3
