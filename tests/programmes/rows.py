"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from programmes.models import Programme
from tests.programmes.assignments import assignment_row_urls
from tests.programmes.lists import list_row_urls
from tests.programmes.made import make_collecting, make_programme


def row_urls(cast) -> dict[str, dict]:
    made = {row.title: row for row in Programme.objects.all()}
    county = cast.pairing.county
    programme = made.get("结对") or make_programme(unit=county, title="结对")
    collecting = made.get("双向选择") or make_collecting(unit=county, title="双向选择")
    one = {"pk": programme.pk}
    person = {"side": "mentee", "cadre_pk": cast.mentee_row.pk}
    return {
        **list_row_urls(cast, programme),
        **assignment_row_urls(cast, programme),
        "programmes:detail": one,
        "programmes:edit": one,
        "programmes:copy": one,
        "programmes:move": {**one, "verb": "withdraw"},
        "programmes:wishes": one,
        "programmes:wishers": one,
        "programmes:adopt": one,
        "programmes:wish": {"pk": collecting.pk, **person},
    }
