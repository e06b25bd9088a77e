"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations


def row_urls(cast) -> dict[str, dict]:
    return {"handbooks:make": {"pk": cast.pairing.pk}}
