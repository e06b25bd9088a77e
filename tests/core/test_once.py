import threading
import uuid

import pytest
from django.db import IntegrityError, connection

from core.once import once
from mentors.models import Mentor, MentorCategory
from tests.factories import make_cadre, make_mentor, make_unit, make_user


@pytest.mark.django_db
def test_another_integrity_error_is_not_swallowed():
    county = make_unit(name="甲县", kind="county")
    mentor = make_mentor(cadre=make_cadre(unit=county))
    key = uuid.uuid4()
    with pytest.raises(IntegrityError):
        once(
            Mentor, by=make_user(), key=key,
            make=lambda: make_mentor(cadre=mentor.cadre, client_key=key),
        )  # fmt: skip


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_sendings_at_once_make_one_row():
    county, user, key = make_unit(name="甲县", kind="county"), make_user(), uuid.uuid4()
    category = MentorCategory.objects.first()
    made = []

    def send(cadre):
        try:
            made.append(
                once(
                    Mentor, by=user, key=key,
                    make=lambda: make_mentor(
                        cadre=cadre, category=category, created_by=user, client_key=key
                    ),
                ).pk
            )  # fmt: skip
        finally:
            connection.close()

    # Different people, so that nothing but the key can stop the second row.
    threads = [
        threading.Thread(target=send, args=[make_cadre(unit=county, name=f"人{n}")])
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(made)), Mentor.objects.count()) == (6, 1, 1)
