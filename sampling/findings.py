"""Writing a finding: appended, never changed, as long as the sample is open."""

from __future__ import annotations

import uuid

from accounts.models import User
from core.once import once
from sampling.models import Finding, Sample, SampleItem, StaleMove


def find(item: SampleItem, *, verdict: str, note: str, by: User, key: uuid.UUID | None) -> Finding:
    """The newest finding about a record, or StaleMove where the sample is closed.

    The sample is held meanwhile, so that nothing is found in one that somebody closes.
    """

    def make() -> Finding:
        sample = Sample.objects.select_for_update(no_key=True).get(pk=item.sample_id)
        if "find" not in sample.moves_for(by):
            raise StaleMove("find")
        return Finding.objects.create(
            item=item, verdict=verdict, note=note, created_by=by, client_key=key
        )

    return once(Finding, by=by, key=key, make=make)
