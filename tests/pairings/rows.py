"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations


def row_urls(cast) -> dict[str, dict]:
    return {
        "pairings:detail": {"pk": cast.pairing.pk},
        "pairings:change": {"pk": cast.pairing.pk},
        "pairings:substitute": {"pk": cast.pairing.pk},
        "pairings:move": {"pk": cast.pairing.pk, "verb": "suspend"},
        "pairings:reverse": {"pk": cast.pairing.pk},
        "pairings:panel": {"cadre_pk": cast.mentee_row.pk},
        "pairings:lineage_of": {"cadre_pk": cast.mentee_row.pk},
        "pairings:lineage_of_chart": {"cadre_pk": cast.mentee_row.pk},
        "mentees:panel": {"cadre_pk": cast.mentee_row.pk},
        "mentees:mentors": {"cadre_pk": cast.mentee_row.pk},
        "mentees:move": {"pk": cast.mentee_entry.pk, "verb": "exempt"},
    }
