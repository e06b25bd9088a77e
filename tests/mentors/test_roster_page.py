"""Upload, preview, confirm: one import however often it is pressed, and nobody else's batch."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cadres.models import Cadre
from mentors import batches
from mentors.models import RosterBatch
from tests.cadres.sheets import csv, id_number
from tests.mentors.rosters import NAMES, row, sheet

UPLOAD = "/mentors/roster/"


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast.county)


def send(client, content: bytes, name: str = "名册.xlsx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def batch_of(response) -> RosterBatch:
    return RosterBatch.objects.get(pk=response.url.strip("/").split("/")[-1])


def press(client, batch: RosterBatch, verb: str):
    return client.post(reverse(f"mentors:roster_{verb}", args=[batch.pk]))


def test_a_roster_is_checked_then_confirmed_and_its_rows_are_gone(office):
    batch = batch_of(send(office, sheet(row(身份证号=id_number()), row(姓名="李小红"))))
    page = office.get(reverse("mentors:roster_preview", args=[batch.pk]))
    assert "李小红" in page.text
    assert id_number() not in page.text + str(batch.entries) + str(batch.report)
    assert not Cadre.objects.filter(name="李小红").exists()
    done = press(office, batch, "confirm")
    assert (done.status_code, done.url) == (302, f"/mentors/roster/{batch.pk}/")
    assert Cadre.objects.filter(name="李小红").count() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.entries, batch.report) == (
        "done",
        [],
        {"rows": 2, "created": 2, "updated": 0, "unchanged": 0, "errors": []},
    )
    assert "已导入" in office.get(done.url).text


def test_a_second_confirmation_imports_nothing_more(office):
    batch = batch_of(send(office, sheet(row())))
    press(office, batch, "confirm")
    again = press(office, batch, "confirm")
    assert again.status_code == 409
    assert "没有重复办理" in again.text
    assert Cadre.objects.filter(name="王小明").count() == 1


def test_two_who_confirm_at_once_import_once(cast, office):
    batch = batch_of(send(office, sheet(row())))
    stale = RosterBatch.objects.get(pk=batch.pk)
    batches.confirm(batch, _roster(), by=cast.county)
    with pytest.raises(batches.Settled):
        batches.confirm(stale, _roster(), by=cast.county)
    assert Cadre.objects.filter(name="王小明").count() == 1


def _roster():
    from mentors.roster import ROSTER

    return ROSTER


def test_what_became_wrong_since_the_upload_is_said_and_saves_nothing(cast, tree, office):
    batch = batch_of(send(office, sheet(row(单位="刘家塘村"), row(姓名="李小红"))))
    tree.liujiatang.close(timezone.localdate(), by=cast.county)
    response = press(office, batch, "confirm")
    assert response.status_code == 409
    assert "您管理的单位中没有「刘家塘村」。" in response.text
    batch.refresh_from_db()
    assert (batch.state, batch.entries) == ("checked", [])
    assert press(office, batch, "confirm").status_code == 409
    assert not Cadre.objects.filter(name="李小红").exists()


def test_a_discarded_batch_is_never_imported(office):
    batch = batch_of(send(office, sheet(row())))
    assert press(office, batch, "discard").url == UPLOAD
    assert press(office, batch, "confirm").status_code == 409
    assert not Cadre.objects.filter(name="王小明").exists()


def test_errors_stand_by_row_and_column_two_hundred_a_page(office):
    response = send(office, sheet(*[row(姓名=f"某{n}", 性别=None) for n in range(201)]))
    assert batch_of(response).entries == []  # 某0 holds a digit: two faults a row
    first = office.get(response.url)
    assert first.context["errors"].paginator.count == 402
    assert "402 处错误，没有保存任何内容" in first.text
    last = office.get(response.url, {"page": 3})
    assert [(f["row"], f["column"]) for f in last.context["errors"]] == [
        (202, "姓名"), (202, "性别"),
    ]  # fmt: skip
    assert "确认导入" not in first.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "文件是空的。"),
        ("a.xlsx", b"%PDF-1.7", "这不是表格文件。可以读取 .xlsx、.xls 和 .csv。"),
        ("a.csv", sheet(row())[:900], "工作簿已损坏，请用 Excel 或 WPS 打开后重新保存。"),
        ("a.csv", csv(("甲", "乙")), "前20行中没有找到表头。"),
    ],
)
def test_a_wrong_file_is_said_beside_the_field(office, name, content, sentence):
    response = send(office, content, name)
    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].startswith(sentence)
    assert not RosterBatch.objects.exists()


def test_no_file_at_all_is_said(office):
    response = office.post(UPLOAD)
    assert (response.status_code, response.context["form"].errors["file"]) == (
        422,
        ["请选择文件。"],
    )


def test_a_batch_is_its_uploaders_alone(cast, office, signed_in):
    batch = batch_of(send(office, sheet(row())))
    for user in (cast.township, cast.other_county, cast.sibling):
        client = signed_in(user)
        for verb in ("confirm", "discard"):
            assert press(client, batch, verb).status_code == 404
        response = client.get(reverse("mentors:roster_preview", args=[batch.pk]))
        assert response.status_code == 404
        assert "王小明" not in response.text
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_only_coordinators_upload(cast, signed_in):
    for user in (cast.viewer, cast.mentor, cast.mentee, cast.stranger, cast.sysadmin):
        assert signed_in(user).get(UPLOAD).status_code == 403
        assert signed_in(user).get(f"{UPLOAD}template/").status_code == 403


def test_a_week_later_an_unconfirmed_batch_is_emptied(cast, office):
    batch = batch_of(send(office, sheet(row())))
    young = batch_of(send(office, sheet(row(姓名="李小红"))))
    RosterBatch.objects.filter(pk=batch.pk).update(uploaded_at=timezone.now() - dt.timedelta(7))
    assert batches.sweep(timezone.now()) == 1
    batch.refresh_from_db()
    young.refresh_from_db()
    assert (batch.state, batch.entries, "王小明" in str(batch.report)) == ("discarded", [], False)
    assert (young.state, len(young.entries)) == ("checked", 1)


def test_ten_thousand_rows_with_one_error_are_told_in_seconds_and_save_nothing(office):
    people = [
        [f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{chr(0x4E00 + n)}", "男", "1985.07", "上墅乡"]
        for n in range(10_000)
    ]
    people[7_776][1] = "先生"
    heading = [name for name in NAMES if name in {"姓名", "性别", "出生年月", "单位"}]
    # Time of this process alone: other runs on the machine do not count.
    before, began = Cadre.objects.count(), time.process_time()
    response = send(office, csv(heading, *people, encoding="gbk"), "名册.csv")
    assert time.process_time() - began < 6
    assert batch_of(response).report["errors"] == [
        {"row": 7778, "column": "性别", "message": "「先生」不在可选范围内，可选：男、女。"}
    ]
    assert press(office, batch_of(response), "confirm").status_code == 409
    assert Cadre.objects.count() == before
