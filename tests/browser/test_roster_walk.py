"""The first afternoon of a county with its own workbook: read, corrected, imported, undone."""

from __future__ import annotations

import io

import openpyxl
import pytest

from accounts.models import Role
from rosters.states import State
from tests.browser import awful
from tests.browser.walking import PHONE, Person
from tests.factories import make_grant, make_user
from tests.rosters.making import make_batch

PASSWORD = "correct horse battery"
NAMES = ("周全", "钱小云", "孙立", "李明", "阿依古丽·买买提")


@pytest.fixture
def office_user(county):
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    return user


def as_file(content: bytes) -> dict:
    return {"name": "干部花名册.xlsx", "mimeType": "application/octet-stream", "buffer": content}


def marked(content: bytes) -> tuple[set[tuple[int, int]], str]:
    """The cells with a note, and the whole column of remarks as text."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    noted = {(cell.row, cell.column) for cell in cells if cell.comment}
    coloured = {(cell.row, cell.column) for cell in cells if cell.fill.fill_type == "solid"}
    assert noted <= coloured
    last = [row[len(awful.GROUPS)].value for row in sheet.iter_rows()]
    return noted, "\n".join(str(value) for value in last if value)


def correct_the_columns(office: Person) -> None:
    office.reads("确认列的对应", "同志", "哪年哪月生", "例：周全")
    for heading, field in (("同志", "name"), ("哪年哪月生", "birth_month")):
        office.page.get_by_label(heading).select_option(field)
    office.send("确认并核对", until="导入后：")


@pytest.mark.browser
def test_an_awful_workbook_goes_in_on_the_first_afternoon(county, office_user, worker, person):
    office = person()
    office.sign_in("anji", PASSWORD)
    office.go("/cadres/")
    office.press("导入花名册")
    office.attach("file", as_file(awful.workbook()))
    office.send("上传并检查", until="确认列的对应")
    correct_the_columns(office)

    # The report, and the workbook back with its faults.
    office.reads("导入后：新增 2 行", "有 3 行有错误", "钱小云", "末几位已丢失", "某某镇")
    office.page.get_by_role("link", name="下载带批注的原表").wait_for(timeout=30_000)
    annotated = office.download("下载带批注的原表")
    noted, remarks = marked(annotated)
    assert noted == set(awful.WRONG)
    assert "身份证号已变成数字格式" in remarks
    office.look()

    # Corrected in it, and uploaded again: what was said of the columns is remembered.
    office.go("/rosters/new/cadres/")
    office.attach("file", as_file(awful.corrected(annotated)))
    office.send("上传并检查", until="导入后：新增 5 行")
    office.send("确认导入", until="已导入：新增 5 行")
    batch = office.page.url.removeprefix(office.address)
    office.go("/cadres/")
    office.reads(*NAMES)

    # And back: the register is empty again.
    office.go(batch)
    office.press("撤销导入")
    office.send("撤销导入", until="导入已撤销")
    office.go("/cadres/")
    text = office.page.locator("main").inner_text()
    assert not [name for name in NAMES if name in text]
    office.go("/rosters/")
    office.reads("已撤销导入", "已核对，未导入")
    office.leave()


@pytest.mark.browser
def test_on_a_telephone_the_pages_of_a_roster_are_readable(county, office_user, person):
    working = make_batch(unit=county, by=office_user, state=State.CHECKING, kind="cadres")
    office = person(PHONE)
    office.sign_in("anji", PASSWORD)
    for address in ("/rosters/", "/rosters/new/cadres/", f"/rosters/{working.pk}/"):
        office.go(address)
    office.reads("刷新")
    office.leave()
