"""Rows of the register that the stranger and the other offices must not find."""

from __future__ import annotations


from cadres.models import Code, CodeAlias


def row_urls(cast) -> dict[str, dict]:
    row = {"pk": cast.mentee_row.pk}
    code = Code.objects.get(table="education", code="21")
    unit = cast.mentee_row.unit
    word, _ = CodeAlias.objects.get_or_create(
        unit=unit, code=code, table=code.table, word="上墅本科"
    )
    return {
        "cadres:detail": row,
        "cadres:edit": row,
        "cadres:show_phone": row,
        "cadres:move": row,
        "cadres:leave": row,
        "cadres:open_account": row,
        "cadres:remove_word": {"pk": word.pk},
    }
