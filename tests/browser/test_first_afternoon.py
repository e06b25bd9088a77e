"""A county's first afternoon, as each user in turn: from the divisions to the county's figures."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pypdf
import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from certificates.models import Certificate
from tests.browser.walking import PHONE, Person

PASSWORD = "correct horse battery"
CHOSEN = "Mulin-anji-2026"
COLUMNS = (
    "姓名", "性别", "出生年月", "民族", "身份证号", "政治面貌", "全日制学历", "在职学历",
    "参加工作时间", "单位", "职务", "人员类别", "手机号", "导师类型", "帮带名额", "帮带对象类别",
)  # fmt: skip
ROSTER = [
    ["褚师傅", "男", "1966.05", "汉", "", "党员", "大专", "本科", "1986.08", "上墅乡", "党委委员",
     "行政", "", "20年工作经验的老乡镇", 3, ""],
    ["马小徒", "女", "1998年7月", "汉族", "", "中共党员", "本科", "", "2021-08", "上墅乡", "科员",
     "行政", "", "", "", "走出校门新进机关的乡镇干部"],
    ["阿依古丽•买买提", "女", "1999.01", "维吾尔族", "", "共青团员", "硕士", "", "2023.07",
     "刘家塘村委会", "村委会委员", "村(社)干部", "", "", "", ""],
]  # fmt: skip


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
    somebody.go("/rosters/new/cadres/")
    book = openpyxl.load_workbook(io.BytesIO(somebody.download("下载模板")))
    sheet = book.worksheets[0]
    header = next(
        row for row in range(1, 10) if str(sheet.cell(row, 1).value or "").startswith("姓名")
    )
    headings = [str(cell.value).rstrip("*") for cell in sheet[header]]
    for number, line in enumerate(ROSTER, header + 1):
        for name, value in zip(COLUMNS, line, strict=True):
            sheet.cell(number, headings.index(name) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return {"name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


@pytest.mark.browser
def test_a_county_tries_the_system_for_real(county, worker, person, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    first = open_staff_account(person, "anji", "安吉组织部", "安吉县")

    # The office: its password, its people, a pair.
    office = person()
    choose_password(office, "anji", first)
    office.go("/units/")
    office.reads("安吉县")
    roster = filled_template(office)
    office.attach("file", roster)
    office.send("上传并检查", until="导入后：新增 3 行")
    office.send("确认导入", until="已导入：新增 3 行")
    office.go("/cadres/?q=ayg")
    office.reads("阿依古丽·买买提")
    office.go("/mentors/")
    office.reads("褚师傅", "上墅乡")
    mentor_first = open_person_account(office, "褚师傅", "shifu")
    mentee_first = open_person_account(office, "马小徒", "tudi")
    office.go("/pairings/")
    office.press("登记结对")
    office.pick("mentor", "csf", "褚师傅")
    office.pick("mentee", "马小徒", "马小徒")
    office.press("登记")
    office.reads("褚师傅", "马小徒", "待双方确认")
    pairing = office.page.url.removeprefix(office.address)

    # A reminder for those who have to confirm, then both confirm and the office approves.
    call_command("send_reminders")
    mentor, mentee = person(), person(PHONE)
    for somebody, username, first, label in (
        (mentor, "shifu", mentor_first, "导师确认"),
        (mentee, "tudi", mentee_first, "帮带对象确认"),
    ):
        choose_password(somebody, username, first)
        somebody.reads("请确认")
        somebody.go(pairing)
        somebody.press(label)
    office.go(pairing)
    office.reads("待批准")
    office.press("批准结对")
    office.reads("帮带中")

    log_a_visit(mentee)
    log_a_session(mentee, pairing)
    set_hand_in_and_accept(mentor, mentee, pairing)
    letter = issue_the_letter(office, pairing)
    read_the_figures(office)
    verify_in_public(person(PHONE), letter)
    for somebody in (office, mentor, mentee):
        somebody.leave()


def open_person_account(office: Person, name: str, username: str) -> str:
    """From the register: a sign-in for a person; the first password."""
    office.go(f"/cadres/?q={name}")
    office.press(name)
    office.press("开通账号")
    office.write("username", username)
    office.press("保存")
    return office.page.locator(".first-password").inner_text()


def log_a_visit(mentee: Person) -> None:
    mentee.go("/")
    mentee.taps = 0
    mentee.press("记走访")
    mentee.pick("place", "刘家塘", "刘家塘村")
    mentee.tick("visited", "household")
    mentee.write("people_count", "3")
    mentee.write("asked", "反映水渠淤堵，电话13812345678")
    mentee.attach(
        "uploads", {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": photo_with_gps()}
    )
    mentee.press("保存")
    assert mentee.taps <= 12, f"{mentee.taps} taps for a visit"
    mentee.reads("刘家塘村", "水渠淤堵")
    assert "13812345678" not in mentee.page.content()
    picture = mentee.page.locator("main a[href*='/files/']").first.get_attribute("href")
    served = mentee.context.request.get(f"{mentee.address}{picture}")
    assert not Image.open(io.BytesIO(served.body())).getexif()


def log_a_session(mentee: Person, pairing: str) -> None:
    mentee.go(pairing)
    mentee.taps = 0
    mentee.press("记帮带")
    mentee.tick("method", "on_site")
    mentee.write("topic", "矛盾纠纷现场调解")
    mentee.press("保存")
    assert mentee.taps <= 12, f"{mentee.taps} taps for a session"
    mentee.reads("矛盾纠纷现场调解", "现场教学")


def set_hand_in_and_accept(mentor: Person, mentee: Person, pairing: str) -> None:
    due = timezone.localdate() + dt.timedelta(days=1)
    mentor.go(pairing)
    mentor.press("布置作业")
    mentor.write("title", "写一篇民情分析")
    mentor.write("due_on", due.isoformat())
    mentor.press("布置作业")
    assignment = mentor.page.url.removeprefix(mentor.address)
    mail.outbox.clear()
    call_command("send_reminders")
    call_command("send_reminders")
    mentee.go("/")
    mentee.reads("写一篇民情分析")
    mentee.go(assignment)
    mentee.write("text", "已走访十户，分析附后。")
    mentee.attach(
        "uploads", {"name": "分析.pdf", "mimeType": "application/pdf", "buffer": one_page_pdf()}
    )
    mentee.press("提交作业")
    mentee.reads("待批阅")
    mentor.go(assignment)
    mentor.reads("已走访十户", "分析.pdf")
    mentor.write("comment", "写得实在。")
    mentor.press("通过")
    mentee.go(assignment)
    mentee.reads("已通过", "写得实在。")


def one_page_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def issue_the_letter(office: Person, pairing: str) -> str:
    """The 拜师帖: its text, and the address that verifies it."""
    office.go(pairing)
    office.press("签发拜师帖")
    office.go(pairing)
    address = office.page.locator("main a[href$='/pdf/']").first.get_attribute("href")
    served = office.context.request.get(f"{office.address}{address}")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(served.body())).pages)
    text = "".join(text.split())
    year = timezone.localdate().year
    for part in ("拜师帖", "褚师傅", "马小徒", "愿执弟子之礼", f"安吉帖〔{year}〕第0001号"):
        assert part in text, text
    letter = Certificate.objects.get()
    return f"/certificates/v/{letter.token}/"


def verify_in_public(passer_by: Person, address: str) -> None:
    passer_by.go(address)
    passer_by.reads("褚**", "马**")
    assert "褚师傅" not in passer_by.page.content()
    assert "马小徒" not in passer_by.page.content()
    passer_by.leave()


def read_the_figures(office: Person) -> None:
    office.go("/statistics/")
    office.reads("安吉县", "上墅乡", "截至")
    book = openpyxl.load_workbook(io.BytesIO(office.download("XLSX")))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert "安吉县" in str(cells[0][0])
    total = next(row for row in cells if row[0] == "合计")
    figures = total[2:]  # after the name and the code
    assert [value for value in figures if not isinstance(value, (int, float))] == []
    figure = office.page.locator("tr.stats-total a", has_text="1").first
    figure.click()
    office.look()
    office.reads("褚师傅")
