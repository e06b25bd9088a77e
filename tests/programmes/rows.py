"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from tests.programmes.made import make_programme


def row_urls(cast) -> dict[str, dict]:
    programme = make_programme(unit=cast.pairing.county, title="结对")
    one = {"pk": programme.pk}
    return {
        "programmes:detail": one,
        "programmes:edit": one,
        "programmes:copy": one,
        "programmes:move": {**one, "verb": "withdraw"},
    }
