"""The register of mentors as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from accounts.models import Role
from mentors.models import Strength
from tests.factories import make_cadre, make_grant, make_mentor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WHOLE = {"format": "csv", "extent": "whole", "purpose": "联系导师参加培训", "is_confirmed": "1"}


def table(response) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


@pytest.fixture
def mentors(cast, tree):
    """Besides the pair's: one of 上墅 who serves in Deqing now, one of Deqing, one ended."""
    moved = make_cadre(
        unit=tree.shangshu, name="迁导师", birth_month="1970-02", phone="13811112222"
    )
    row = make_mentor(cadre=moved, capacity=3, term_to_on=dt.date(2028, 12, 31))
    row.strengths.set(Strength.objects.filter(name__in=["方言沟通", "矛盾调解"]))
    moved.move_to(tree.yuyue, title="副镇长", on=dt.date(2026, 9, 1))
    make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德导师", phone="13833334444"))
    gone = make_cadre(unit=tree.dipu, name="退导师", phone="13855556666")
    make_mentor(cadre=gone, state="ended", to_on=dt.date(2026, 1, 31))
    return row


def test_the_file_holds_the_list_with_places_strengths_and_terms(cast, mentors, signed_in):
    client = signed_in(cast.county)
    page = client.get("/mentors/?sort=-name")
    assert 'href="/mentors/export/?sort=-name"' in page.text
    lines = table(client.post("/mentors/export/?sort=-name", {"format": "csv"}))
    assert lines[0] == [
        "姓名", "性别", "出生年月", "年龄", "民族", "单位", "上级单位", "职务", "手机号脱敏",
        "聘任单位", "导师类型", "导师专长", "帮带名额", "在带人数", "空余名额", "状态", "聘任日期",
        "聘期至", "退出日期",
    ]  # fmt: skip
    category = mentors.category.name
    assert [line[:3] + line[5:] for line in lines[1:]] == [
        ["迁导师", "男", "1970.02", "禹越镇", "德清县", "副镇长", "138****2222", "上墅乡", category,
         "方言沟通、矛盾调解", "3", "0", "3", "在册", "2020-01-01", "2028-12-31", ""],
        ["褚师傅", "男", "1966.05", "上墅乡", "安吉县", "干部", "", "上墅乡", category,
         "", "2", "1", "1", "在册", "2020-01-01", "", ""],
    ]  # fmt: skip
    assert [line[0] for line in lines[1:]] == [row.cadre.name for row in page.context["page"].rows]
    ended = table(client.post("/mentors/export/?state=ended", {"format": "csv"}))
    assert [(line[0], line[18]) for line in ended[1:]] == [("退导师", "2026-01-31")]


def test_the_phone_of_who_serves_elsewhere_now_stays_masked(cast, mentors, tree, signed_in):
    phone = {
        line[0]: line[8] for line in table(signed_in(cast.county).post("/mentors/export/", WHOLE))
    }
    assert phone["迁导师"] == "138****2222"
    make_grant(user=cast.county, role=Role.COORDINATOR, unit=tree.deqing)
    lines = table(signed_in(cast.county).post("/mentors/export/", WHOLE))
    phone = {line[0]: line[8] for line in lines}
    assert (phone["迁导师"], phone["德导师"]) == ("13811112222", "13833334444")


def test_the_other_county_exports_its_own(cast, mentors, signed_in):
    lines = table(signed_in(cast.other_county).post("/mentors/export/", {"format": "csv"}))
    assert [line[0] for line in lines[1:]] == ["德导师"]
    assert signed_in(cast.mentor).get("/mentors/export/").status_code == 403
