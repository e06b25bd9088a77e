"""Rows of mentors that the stranger and the other offices must not find."""

from __future__ import annotations


def row_urls(cast) -> dict[str, dict]:
    row = {"pk": cast.mentor_row.pk}
    return {
        "mentors:detail": row,
        "mentors:edit": row,
        "mentors:move": row | {"verb": "suspend"},
        "mentors:panel": {"cadre_pk": cast.mentee_row.pk},
    }
