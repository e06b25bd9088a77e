"""Rows of the register that the stranger and the other offices must not find."""

from __future__ import annotations


def row_urls(cast) -> dict[str, dict]:
    row = {"pk": cast.mentee_row.pk}
    return {
        "cadres:detail": row,
        "cadres:edit": row,
        "cadres:show_phone": row,
        "cadres:move": row,
        "cadres:leave": row,
        "cadres:open_account": row,
    }
