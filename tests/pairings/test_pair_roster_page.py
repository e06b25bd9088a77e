"""A pair roster from its upload to its undoing, by page and by command."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from pairings.models import Pairing
from rosters import working
from rosters.models import Batch
from rosters.states import State
from tests.factories import make_cadre, make_mentor
from tests.pairings.pair_rosters import FIELDS, row, sheet

NEW = "/rosters/new/pairings/"


@pytest.fixture
def office(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1970-01"))
    make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01")
    return signed_in(cast.county)


def send(client, content: bytes) -> str:
    """The page of the batch, when the worker has done its part."""
    page = client.post(NEW, {"file": SimpleUploadedFile("对子.xlsx", content)}).url
    work()
    return page


def work() -> Batch:
    batch = Batch.objects.first()
    working.run(batch.pk)
    batch.refresh_from_db()
    return batch


def pairs() -> int:
    return Pairing.objects.filter(mentee__name="郑徒弟", state="active").count()


def test_pairs_are_checked_imported_and_undone(office):
    page = send(office, sheet(row()))
    assert "周师傅 → 郑徒弟" in office.get(page).text
    assert pairs() == 0
    office.post(f"{page}confirm/", {"rows": "all"})
    assert (work().state, pairs()) == (State.DONE, 1)
    assert "已导入：新增 1 行" in office.get(page).text
    office.post(f"{page}undo/", {"rows": "all"})
    assert (work().state, pairs()) == (State.UNDONE, 0)


def test_a_doubt_is_answered_on_the_page(cast, tree, office):
    twin = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    page = send(office, sheet(row()))
    [line] = office.get(page).context["lines"]
    [chosen] = [c["id"] for c in line.row.candidates if "1999.05" in c["apart"]]
    office.post(f"{page}rows/{line.row.pk}/answer/", {"answer": chosen})
    office.post(f"{page}confirm/", {"rows": "all"})
    assert work().state == State.DONE
    assert Pairing.objects.get(mentee__name="郑徒弟").mentee == twin


def test_good_rows_alone_are_imported_and_the_workbook_comes_back(office):
    page = send(office, sheet(row(), row(帮带对象姓名="谁")))
    book = load_workbook(io.BytesIO(office.get(f"{page}annotated/").content))
    at = [*FIELDS].index("帮带对象姓名")
    assert "请先导入此人" in book.active[3][at].comment.text
    office.post(f"{page}confirm/", {"rows": "good"})
    assert (work().state, pairs()) == (State.DONE, 1)


def test_an_undo_is_refused_with_the_rows_that_later_work_rests_on(cast, office):
    page = send(office, sheet(row()))
    office.post(f"{page}confirm/", {"rows": "all"})
    work()
    Pairing.objects.get(mentee__name="郑徒弟").move("suspend", by=cast.county, reason="借调")
    office.post(f"{page}undo/", {"rows": "all"})
    assert work().state == State.DONE
    assert "该结对导入后又有变动。" in office.get(f"{page}undo/").text
    office.post(f"{page}undo/", {"rows": "others"})
    assert (work().state, Pairing.objects.filter(mentee__name="郑徒弟").count()) == (
        State.UNDONE,
        1,
    )


def test_the_template_filled_in_is_imported(office):
    book = load_workbook(io.BytesIO(office.get(f"{NEW}template/").content))
    filled = book["花名册"]
    for at, name in enumerate(FIELDS, 1):
        filled.cell(4, at).value = row(**{"期限（月）": "12", "结对方式": "组织安排"}).get(name)
    target = io.BytesIO()
    book.save(target)
    page = send(office, target.getvalue())
    assert Batch.objects.get().counts.get("new") == 1
    office.post(f"{page}confirm/", {"rows": "all"})
    assert (work().state, pairs()) == (State.DONE, 1)


def test_the_command_prints_json_and_fails_on_errors(office, tmp_path, capsys):
    path = tmp_path / "对子.xlsx"
    path.write_bytes(sheet(row()))
    call_command("import_pairings", str(path), "--as=anji", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["created"], told["errors"], pairs()) == (1, 1, [], 1)
    path.write_bytes(sheet(row(导师姓名="谁")))
    with pytest.raises(CommandError) as caught:
        call_command("import_pairings", str(path), "--as=anji", "--json")
    assert caught.value.returncode == 1
    assert json.loads(capsys.readouterr().out)["errors"] == [
        {"row": 2, "column": "导师姓名", "message": "上墅乡的干部库中没有谁，请先导入此人。"}
    ]
