"""Pairs and mentees as files."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from tests.factories import make_cadre, make_mentor, make_pairing

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WHOLE = {"format": "csv", "extent": "whole", "purpose": "联系帮带对象参训", "is_confirmed": "1"}


def table(response) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_pairs_leave_with_the_filter_of_their_list(cast, tree, signed_in):
    far = make_cadre(unit=tree.yuyue, name="外导师", birth_month="1970-02", phone="13811112222")
    make_pairing(
        mentor=make_mentor(cadre=far),
        mentee=cast.mentee_row,
        from_on=dt.date(2026, 5, 1),
        to_on=None,
        state="suspended",
        role="work",
    )
    client = signed_in(cast.county)
    assert 'href="/pairings/export/?state=all"' in client.get("/pairings/?state=all").text
    lines = table(client.post("/pairings/export/", {"format": "csv"}))
    assert lines[0] == [
        "导师姓名", "导师出生年月", "导师单位", "帮带对象姓名", "帮带对象出生年月", "帮带对象单位",
        "开始日期", "期限（月）", "到期日期", "导师角色", "结对方式", "状态", "结束日期",
        "终止原因",
        "备注",
    ]  # fmt: skip
    mentee = ["马徒弟", "1998.07", "上墅乡"]
    assert lines[1:] == [
        ["外导师", "1970.02", "禹越镇", *mentee, "2026-05-01", "长期", "", "业务导师",
         "组织安排", "已暂停", "", "", ""],
        ["褚师傅", "1966.05", "上墅乡", *mentee, "2026-03-01", "12", "2027-02-28", "主导师",
         "组织安排", "帮带中", "", "", ""],
    ]  # fmt: skip
    found = table(client.post("/pairings/export/?q=外导师", {"format": "csv"}))
    assert [line[0] for line in found[1:]] == ["外导师"]


def test_a_term_that_ends_within_a_month_has_a_last_day_and_no_number(cast, signed_in):
    cast.pairing.to_on = dt.date(2027, 3, 15)
    cast.pairing.save()
    lines = table(signed_in(cast.county).post("/pairings/export/", {"format": "csv"}))
    assert lines[1][7:9] == ["", "2027-03-15"]


def test_pairs_hold_nothing_that_could_be_whole(cast, signed_in):
    cast.mentee_row.phone = "13800001234"
    cast.mentee_row.save()
    client = signed_in(cast.county)
    assert "purpose" not in client.get("/pairings/export/").text
    response = client.post("/pairings/export/", WHOLE)
    assert "脱敏" not in response.headers["Content-Disposition"]
    assert "1234" not in str(table(response))


@pytest.mark.parametrize("address", ["/pairings/export/", "/mentees/export/"])
def test_the_other_county_and_those_without_an_office_get_nobody(cast, signed_in, address):
    lines = table(signed_in(cast.other_county).post(address, {"format": "csv"}))
    assert len(lines) == 1
    for user in (cast.mentor, cast.mentee, cast.stranger):
        assert signed_in(user).post(address, {"format": "csv"}).status_code == 403


def test_mentees_leave_with_who_is_to_be_paired_and_who_is(cast, tree, signed_in):
    cast.mentee_row.phone = "13800001234"
    cast.mentee_row.save()
    client = signed_in(cast.county)
    assert 'href="/mentees/export/?state=paired"' in client.get("/mentees/?state=paired").text
    lines = table(client.post("/mentees/export/?state=paired", {"format": "csv"}))
    assert lines[0] == [
        "姓名", "性别", "出生年月", "年龄", "民族", "单位", "上级单位", "职务", "手机号脱敏",
        "帮带对象类别", "何时列入", "应否结对", "是否已结对", "退出日期",
    ]  # fmt: skip
    category = cast.mentee_entry.category.name
    since = f"{cast.mentee_entry.from_on:%Y-%m-%d}" if cast.mentee_entry.from_on else ""
    assert [line[:3] + line[5:] for line in lines[1:]] == [
        ["马徒弟", "男", "1998.07", "上墅乡", "安吉县", "干部", "138****1234", category, since,
         "是", "是", ""],
    ]  # fmt: skip
    lines = table(client.post("/mentees/export/", WHOLE))
    assert [line[8] for line in lines] == ["手机号", "13800001234"]
    assert table(client.post("/mentees/export/?state=unpaired", {"format": "csv"}))[1:] == []


def test_who_is_exempt_is_not_to_be_paired(cast, signed_in):
    today = dt.date(2026, 1, 1)
    cast.mentee_entry.exempt(from_on=today, to_on=None, reason="产假", by=cast.county)
    lines = table(signed_in(cast.county).post("/mentees/export/", {"format": "csv"}))
    assert [line[11:13] for line in lines[1:]] == [["否", "是"]]


def test_pairs_leave_with_the_cause_of_their_termination_as_of_any_day(cast, signed_in):
    day = dt.date(2026, 6, 1)
    cast.pairing.move("terminate", by=cast.county, cause="mentee_moved", document="无", on=day)

    def causes(query):
        found = signed_in(cast.county).post(f"/pairings/export/?{query}", {"format": "csv"})
        header, *lines = table(found)
        return [line[header.index("终止原因")] for line in lines]

    assert causes("state=ended") == ["帮带对象调离"]
    assert causes("state=all&as_of=2026-05-31") == [""]
    assert causes("state=all&as_of=2026-06-01") == ["帮带对象调离"]
