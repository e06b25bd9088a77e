"""The pair roster by page, by command, and its template."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from mentors.models import RosterBatch
from pairings.models import Pairing
from tests.factories import make_cadre, make_mentor
from tests.pairings.pair_rosters import NAMES, row, sheet

UPLOAD = "/pairings/import/"


@pytest.fixture
def office(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1970-01"))
    make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01")
    return signed_in(cast.county)


def send(client, content: bytes):
    return client.post(UPLOAD, {"file": SimpleUploadedFile("对子.xlsx", content)})


def pairs() -> int:
    return Pairing.objects.filter(mentee__name="郑徒弟", state="active").count()


def test_pairs_are_checked_confirmed_and_imported_once(office):
    page = send(office, sheet(row())).url
    assert "周师傅 → 郑徒弟" in office.get(page).text
    assert pairs() == 0
    assert office.post(f"{page}confirm/").url == page
    assert office.post(f"{page}confirm/").status_code == 409
    assert pairs() == 1


def test_a_batch_is_its_uploaders_alone_and_of_its_own_kind(cast, office, signed_in):
    page = send(office, sheet(row())).url
    batch = RosterBatch.objects.get()
    for user in (cast.township, cast.other_county):
        assert signed_in(user).get(page).status_code == 404
        assert signed_in(user).post(f"{page}confirm/").status_code == 404
    assert office.post(reverse("mentors:roster_confirm", args=[batch.pk])).status_code == 404
    assert pairs() == 0


def test_a_wrong_file_is_said_beside_the_field(office):
    response = send(office, b"%PDF-1.7")
    assert response.status_code == 422
    assert response.context["form"].errors["file"] == [
        "这不是表格文件。可以读取 .xlsx、.xls 和 .csv。"
    ]


def test_the_template_filled_in_is_imported(office):
    book = load_workbook(io.BytesIO(office.get(f"{UPLOAD}template/").content))
    filled = book["花名册"]
    for at, name in enumerate(NAMES, 1):
        filled.cell(4, at).value = row(**{"期限（月）": "12", "结对方式": "组织安排"}).get(name)
    target = io.BytesIO()
    book.save(target)
    page = send(office, target.getvalue()).url
    assert office.get(page).context["report"].errors == []
    office.post(f"{page}confirm/")
    assert pairs() == 1


def test_the_command_prints_json_and_fails_on_errors(office, tmp_path, capsys):
    path = tmp_path / "对子.xlsx"
    path.write_bytes(sheet(row()))
    call_command("import_pairings", str(path), "--as=anji", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "errors": [],
    }  # fmt: skip
    path.write_bytes(sheet(row(导师姓名="谁")))
    with pytest.raises(CommandError) as caught:
        call_command("import_pairings", str(path), "--as=anji", "--json")
    assert caught.value.returncode == 1
    assert json.loads(capsys.readouterr().out)["errors"] == [
        {"row": 2, "column": "导师姓名", "message": "上墅乡的干部库中没有谁，请先导入此人。"}
    ]
