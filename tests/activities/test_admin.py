import pytest
from django.urls import reverse

from activities.models import Confirmation
from tests.activities.making import (
    make_assignment,
    make_comment,
    make_matter,
    make_session,
    make_visit,
)
from tests.factories import make_user


def make_remark(*, pairing):
    on = make_session(pairing=pairing)
    return make_comment(on=on, by=make_user())


def make_confirmation(*, pairing):
    by = make_user()
    return Confirmation.objects.create(session=make_session(pairing=pairing), confirmed_by=by)


def make_left_open(*, pairing):
    return make_matter(in_=make_visit(pairing=pairing))


KEPT = [
    make_visit, make_session, make_assignment, make_remark, make_confirmation, make_left_open,
]  # fmt: skip


@pytest.mark.parametrize("make", KEPT)
def test_even_a_superuser_reads_and_neither_changes_nor_deletes(cast, signed_in, make):
    row = make(pairing=cast.pairing)
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    base = f"admin:activities_{row._meta.model_name}"
    assert client.get(reverse(f"{base}_changelist")).status_code == 200
    assert client.get(reverse(f"{base}_change", args=[row.pk])).status_code == 200
    for page in (reverse(f"{base}_delete", args=[row.pk]), reverse(f"{base}_add")):
        assert client.post(page).status_code == 403
    assert client.post(reverse(f"{base}_change", args=[row.pk]), {}).status_code == 403
