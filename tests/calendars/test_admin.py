import pytest
from django.urls import reverse

from calendars.models import FeedAddress
from calendars.models.address import renew
from tests.calendars.made import make_meeting
from tests.factories import make_user


def make_address(cast):
    renew(cast.mentor)
    return FeedAddress.objects.get()


@pytest.mark.parametrize("make", [make_meeting, make_address])
def test_even_a_superuser_reads_and_neither_changes_nor_deletes(cast, signed_in, make):
    row = make(cast)
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    base = f"admin:calendars_{row._meta.model_name}"
    assert client.get(reverse(f"{base}_changelist")).status_code == 200
    page = client.get(reverse(f"{base}_change", args=[row.pk]))
    assert (page.status_code, getattr(row, "digest", "no digest") in page.text) == (200, False)
    for address in (reverse(f"{base}_delete", args=[row.pk]), reverse(f"{base}_add")):
        assert client.post(address).status_code == 403
    assert client.post(reverse(f"{base}_change", args=[row.pk]), {}).status_code == 403
