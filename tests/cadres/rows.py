"""Rows of the register that the stranger and the other offices must not find."""

from __future__ import annotations

from cadres.models import Cadre, Code, CodeAlias, Merge
from tests.factories import make_cadre


def row_urls(cast) -> dict[str, dict]:
    row = {"pk": cast.mentee_row.pk}
    unit = cast.mentee_row.unit
    code = Code.objects.get(table="education", code="21")
    word, _ = CodeAlias.objects.get_or_create(
        unit=unit, code=code, table=code.table, word="上墅本科"
    )
    post = {**row, "post_pk": cast.mentee_row.postings.get().pk}
    second = Cadre.objects.filter(name="马徒弟", birth_month="1998-08").first()
    second = second or make_cadre(unit=unit, name="马徒弟", birth_month="1998-08")
    merged = Merge.objects.first() or Merge.objects.create(
        kept=cast.mentee_row, absorbed=make_cadre(unit=unit, name="马徒弟"), reason="重复"
    )
    return {
        "cadres:detail": row,
        "cadres:edit": row,
        "cadres:show_phone": row,
        "cadres:move": row,
        "cadres:leave": row,
        "cadres:reinstate": row,
        "cadres:add_post": row,
        "cadres:correct_post": post,
        "cadres:end_post": post,
        "cadres:merge_with": row,
        "cadres:merge": {**row, "other_pk": second.pk},
        "cadres:undo_merge": {"pk": merged.pk},
        "cadres:open_account": row,
        "cadres:remove_word": {"pk": word.pk},
    }
