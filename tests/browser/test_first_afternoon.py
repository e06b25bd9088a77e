"""A county's first afternoon, as each user in turn: from the divisions to the county's figures."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from accounts.models import Role
from tests.browser.walking import PHONE, Person
from tests.factories import make_grant, make_user
from units.models import Unit

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
CHOSEN = "Mulin-anji-2026"
ROSTER = [
    ["褚师傅", "男", "1966.05", "汉", "", "党员", "大专", "本科", "1986.08", "上墅乡", "党委委员",
     "行政", "", "20年工作经验的老乡镇", 3, ""],
    ["马小徒", "女", "1998年7月", "汉族", "", "中共党员", "本科", "", "2021-08", "上墅乡", "科员",
     "行政", "", "", "", "走出校门新进机关的乡镇干部"],
    ["阿依古丽•买买提", "女", "1999.01", "维吾尔族", "", "共青团员", "硕士", "", "2023.07",
     "刘家塘村委会", "村委会委员", "村(社)干部", "", "", "", ""],
]  # fmt: skip


@pytest.fixture()
def county(transactional_db):
    """What the installing engineer has done: the divisions, and the three administrators."""
    call_command("load_divisions", ROOT / "data" / "huzhou_divisions.csv", verbosity=0)
    city = Unit.objects.get(code="330500000000")
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        user = make_user(username=str(role), name="管理员")
        make_grant(user=user, role=role, unit=city)
    return Unit.objects.get(name="安吉县")


@pytest.fixture()
def person(chromium, live_server):
    """People at the browser, each leaving without a complaint of axe or the console."""
    people = []

    def enter(viewport=None) -> Person:
        somebody = Person(chromium, live_server.url, **({"viewport": viewport} if viewport else {}))
        people.append(somebody)
        return somebody

    yield enter
    for somebody in people:
        somebody.context.close()


def photo_with_gps() -> bytes:
    picture = Image.new("RGB", (1200, 900), "#88aa77")
    exif = picture.getexif()
    exif[0x8825] = {1: "N", 2: (30.0, 38.0, 0.0), 3: "E", 4: (119.0, 40.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def open_staff_account(person, username: str, name: str, unit: str) -> str:
    """The system administrator opens the account, the security administrator grants the role."""
    keeper = person()
    keeper.sign_in("sysadmin", PASSWORD)
    keeper.go("/accounts/")
    keeper.press("开通账号")
    keeper.write("username", username)
    keeper.write("name", name)
    keeper.press("开通")
    keeper.reads("初始密码")
    first = keeper.page.locator(".first-password").inner_text()
    keeper.press("已记下，查看账号")
    account = keeper.page.url.removeprefix(keeper.address)
    keeper.leave()
    security = person()
    security.sign_in("secadmin", PASSWORD)
    security.go(account)
    security.choose("role", "coordinator")
    security.pick("unit", unit, unit)
    security.press("授权")
    security.reads("组织部工作人员", unit)
    security.leave()
    return first


def choose_password(somebody: Person, username: str, first: str) -> None:
    somebody.sign_in(username, first)
    somebody.reads("设置密码")
    somebody.write("new_password1", CHOSEN)
    somebody.write("new_password2", CHOSEN)
    somebody.press("保存")


def filled_template(somebody: Person) -> dict:
    """The office's own template, downloaded and filled in by hand."""
    somebody.go("/mentors/roster/")
    book = openpyxl.load_workbook(io.BytesIO(somebody.download("下载模板")))
    sheet = book.worksheets[0]
    header = next(
        row for row in range(1, 10) if str(sheet.cell(row, 1).value or "").startswith("姓名")
    )
    for number, line in enumerate(ROSTER, header + 1):
        for column, value in enumerate(line, 1):
            sheet.cell(number, column).value = value
    out = io.BytesIO()
    book.save(out)
    return {"name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


@pytest.mark.browser
def test_a_county_tries_the_system_for_real(county, person, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    first = open_staff_account(person, "anji", "安吉组织部", "安吉县")

    # The office: its password, its people, a pair.
    office = person()
    choose_password(office, "anji", first)
    office.go("/units/")
    office.reads("安吉县")
    roster = filled_template(office)
    office.attach("file", roster)
    office.press("上传并检查")
    office.reads("新增", "3")
    office.press("确认导入")
    office.go("/cadres/?q=ayg")
    office.reads("阿依古丽·买买提")
    office.go("/mentors/")
    office.reads("褚师傅", "上墅乡")
