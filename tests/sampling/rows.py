"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from activities.models import Session
from sampling.models import Sample
from tests.activities.making import make_session
from tests.sampling.made import make_sample


def row_urls(cast) -> dict[str, dict]:
    if not Session.objects.exists():
        make_session(pairing=cast.pairing)
    sample = Sample.objects.first() or make_sample(unit=cast.pairing.county, by=cast.county)
    one = {"pk": sample.pk}
    return {
        "sampling:detail": one,
        "sampling:close": one,
        "sampling:export": one,
        "sampling:print": one,
        "sampling:item": {**one, "position": 1},
    }
