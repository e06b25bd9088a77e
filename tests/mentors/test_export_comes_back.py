"""What was exported is a roster: read again, it names the same people and changes nothing."""

from __future__ import annotations

import pytest

from rosters import batches, working
from rosters.models import BatchRow
from rosters.states import State
from tests.factories import make_cadre, make_mentor, make_unit

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
FULL = {
    "gender": "2", "ethnicity": "11", "political_status": "01", "party_month": "2012-06",
    "education": "21", "later_education": "14", "is_party_school": True, "work_month": "2013-10",
    "staffing": "civil", "phone": "13812345678", "id_tail": "001X",
}  # fmt: skip
MASKED = {"extent": "masked"}
WHOLE = {"extent": "whole", "purpose": "核对后重新导入", "is_confirmed": "1"}


def read_again(content: bytes, kind: str, filename: str, user):
    batch = batches.upload(kind, content, filename, user)
    working.run(batch.pk)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("extent", [MASKED, WHOLE])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_people_come_back_unchanged(cast, tree, signed_in, extent, format_):
    make_cadre(unit=tree.liujiatang, name="单小明", birth_month="1991-10", title="村书记", **FULL)
    other = make_unit(name="刘家塘村", kind="village", parent=tree.dipu)
    make_cadre(unit=other, name="王·东", birth_month="1990-01", title="")
    response = signed_in(cast.county).post("/cadres/export/", {"format": format_, **extent})
    content = b"".join(response.streaming_content)
    batch = read_again(content, "cadres", f"干部.{format_}", cast.county)
    assert batch.mapping["doubts"] == []
    assert batch.state == State.CHECKED
    rows = BatchRow.objects.filter(batch=batch)
    assert [(row.outcome, row.faults, row.changes) for row in rows] == [("same", [], [])] * 4


def test_mentors_come_back_unchanged(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.dipu, name="曾导师", birth_month="1970-05"), capacity=3)
    response = signed_in(cast.county).post("/mentors/export/", {"format": "xlsx"})
    batch = read_again(b"".join(response.streaming_content), "mentors", "导师.xlsx", cast.county)
    assert batch.mapping["doubts"] == []
    rows = BatchRow.objects.filter(batch=batch)
    assert [(row.outcome, row.faults, row.changes) for row in rows] == [("same", [], [])] * 2
