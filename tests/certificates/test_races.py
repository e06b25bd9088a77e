"""Eight at once on the real database: numbers without gaps, one certificate a pairing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from certificates import issuing
from certificates.models import Certificate, Series
from pairings.models import Pairing
from tests.certificates.making import make_pairs

THREADS = 8
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(work, rows) -> list[str]:
    """Run `work(row)` for all rows at the same moment; the name of what each raised, or ""."""
    barrier = Barrier(len(rows))

    def run(row) -> str:
        try:
            barrier.wait()
            work(row)
        except (issuing.Refused, RuntimeError) as error:
            return type(error).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(rows)) as pool:
        return sorted(pool.map(run, rows))


def numbers() -> list[int]:
    return sorted(Certificate.objects.values_list("number", flat=True))


def test_distinct_pairs_at_once_get_numbers_without_gaps(cast):
    pairs = make_pairs(cast, 3 * THREADS)
    for start in range(0, len(pairs), THREADS):
        results = at_once(
            lambda pairing: issuing.issue(pairing, by=cast.county), pairs[start : start + THREADS]
        )
        assert results == [""] * THREADS
    assert numbers() == list(range(1, 3 * THREADS + 1))
    assert Series.objects.get().last == 3 * THREADS


def test_one_pair_at_once_gets_one_certificate(cast):
    copies = [Pairing.objects.get(pk=cast.pairing.pk) for _ in range(THREADS)]
    results = at_once(lambda pairing: issuing.issue(pairing, by=cast.county), copies)
    assert results == ["", *["Refused"] * (THREADS - 1)]
    assert numbers() == [1]


def test_renders_that_fail_among_others_leave_no_gap(cast, monkeypatch):
    real = issuing.render

    def fails_for_some(facts):
        if facts["mentee"]["name"] in {"徒弟1", "徒弟4", "徒弟6"}:
            raise RuntimeError("the printer is on fire")
        return real(facts)

    monkeypatch.setattr(issuing, "render", fails_for_some)
    results = at_once(
        lambda pairing: issuing.issue(pairing, by=cast.county), make_pairs(cast, THREADS)
    )
    assert results == [*[""] * 5, *["RuntimeError"] * 3]
    assert numbers() == [1, 2, 3, 4, 5]


def test_of_eight_who_void_at_once_one_does(cast):
    issued = issuing.issue(cast.pairing, by=cast.county)
    copies = [Certificate.objects.get(pk=issued.pk) for _ in range(THREADS)]
    results = at_once(lambda row: issuing.void(row, by=cast.county, reason="姓名有误"), copies)
    assert results == ["", *["Refused"] * (THREADS - 1)]
