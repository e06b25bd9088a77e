import pytest

from mentoring.demo import accounts, seeding


@pytest.mark.django_db
def test_nothing_is_printed_without_the_demo():
    assert accounts.lines() == []
    assert seeding.is_empty()
