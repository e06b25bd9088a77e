"""Files as bad as they come: each ends in its expected report, none in a server error."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

import pytest

from accounts.models import Role
from mentors.importing.kinds import CADRES
from rosters.annotating import annotate
from rosters.book import Unreadable
from rosters.headings import is_sure, propose
from rosters.rows import read_rows
from tests.factories import make_grants, make_users
from tests.rosters.awful.make import FILES, REPORTS

pytestmark = pytest.mark.django_db


def report(content: bytes, by: Any, unit: Any) -> tuple[dict[str, Any], Any]:
    """What a person would see of the file, and what the annotated workbook is made from."""
    try:
        mapping = propose(content, CADRES, unit)
        skipped: Counter[str] = Counter()
        rows = list(read_rows(content, mapping, skipped=skipped))
    except Unreadable as problem:
        return {"sentence": str(problem)}, None
    reader = CADRES.reader(by)
    remarks = {}
    for sheet, number, cells in rows:
        if faults := reader(cells).faults:
            remarks[sheet, number] = [(fault["column"], fault["message"]) for fault in faults]
    return {
        "asks": not is_sure(mapping, CADRES),
        "doubts": mapping["doubts"],
        "sheets": [
            {
                "name": sheet["name"],
                "header": sheet["header"],
                "columns": {c["heading"]: c["field"] for c in sheet["columns"] if c["field"]},
            }
            for sheet in mapping["sheets"]
            if sheet["is_read"]
        ],
        "rows": len(rows),
        "left out": dict(sorted(skipped.items())),
        "faults": [
            [f"{sheet}:{number}", *fault]
            for (sheet, number), faults in remarks.items()
            for fault in faults
        ],
    }, (mapping, remarks)


@pytest.fixture
def clerk(tree):
    users = make_users(clerk="组织部")
    make_grants((users["clerk"], Role.COORDINATOR, tree.anji))
    return users["clerk"]


def test_the_corpus_is_large_and_every_report_has_its_file():
    assert len(FILES) >= 30
    assert {path.stem for path in REPORTS.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_an_awful_file_is_reported_as_expected(name, tree, clerk):
    content = FILES[name]()
    found, remarks = report(content, clerk, tree.anji)
    path = REPORTS / f"{name}.json"
    if os.environ.get("AWFUL") == "write":
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))
    if remarks is None:
        return
    mapping, said = remarks
    back = annotate(content, name, mapping, said, CADRES)
    again = {sheet["at"]: sheet for sheet in propose(back, CADRES, tree.anji)["sheets"]}
    for sheet in mapping["sheets"]:
        if sheet["is_read"]:
            again[sheet["at"]]["is_read"] = True
    assert list(read_rows(back, {"sheets": list(again.values())})) == list(
        read_rows(content, mapping)
    )
