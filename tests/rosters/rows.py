"""The addresses that name a row of this room (tests/test_house_rules.py)."""

from __future__ import annotations

from rosters.models import BatchFile
from rosters.sealing import seal
from rosters.states import Outcome, State
from tests.rosters.making import MAPPING, make_batch, make_row

# Coordinators of other areas upload rosters of their own.
OFFICES = ("deqing", "dipu")


def row_urls(cast) -> dict[str, dict]:
    of = {"unit": cast.pairing.county, "by": cast.county, "filename": "马徒弟.xlsx"}
    open_one = make_batch(**of, mapping=MAPPING)
    asked = make_row(open_one, number=3, outcome=Outcome.DOUBT, name="褚师傅 → 马徒弟")
    annotated = BatchFile.Which.ANNOTATED
    BatchFile.objects.create(
        batch=open_one, which=annotated, name="马徒弟.xlsx", sealed=seal(b"PK")
    )
    mapped = make_batch(**of, state=State.MAPPING, mapping=MAPPING)
    done = make_batch(**of, state=State.DONE)
    row = {"pk": open_one.pk}
    return {
        "rosters:new": {"kind": "pairings", "also_for": OFFICES},
        "rosters:template": {"kind": "pairings", "also_for": OFFICES},
        "rosters:batch": row,
        "rosters:columns": {"pk": mapped.pk},
        "rosters:reopen": row,
        "rosters:answer": {**row, "row_pk": asked.pk},
        "rosters:confirm": row,
        "rosters:discard": row,
        "rosters:undo": {"pk": done.pk},
        "rosters:annotated": row,
    }
