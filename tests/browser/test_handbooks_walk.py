"""An office has all its handbooks printed, leaves, comes back on the telephone, takes the ZIP."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from accounts.models import Role
from tests.activities.making import make_session
from tests.browser.walking import LAPTOP, PHONE
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_user
from tests.workers import running_worker
from units.models import Unit

PASSWORD = "correct horse battery"


@pytest.fixture
def office(county, person, settings, tmp_path, monkeypatch):
    """The county's office at a laptop and at a telephone; two pairs; files in a folder apart."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    mentor = make_mentor(cadre=make_cadre(unit=shangshu, name="褚师傅"))
    for name in ("马徒弟", "周徒弟"):
        pairing = make_pairing(mentor=mentor, mentee=make_cadre(unit=shangshu, name=name))
        make_session(pairing=pairing, topic=f"{name}的课")
    sessions = person(LAPTOP), person(PHONE)
    for somebody in sessions:
        somebody.sign_in("anji", PASSWORD)
    return sessions


@pytest.mark.browser
def test_all_handbooks_of_a_county(office):
    laptop, phone = office
    laptop.go("/pairings/")
    laptop.press("批量生成手册")
    laptop.write("purpose", "年度考核备案")
    laptop.press("生成手册")
    address = laptop.page.url.removeprefix(laptop.address)
    laptop.reads("您可以离开本页")
    phone.go(address)
    phone.reads("在带的结对", "您可以离开本页")
    with running_worker():
        laptop.page.get_by_text("共 2 册").wait_for(timeout=30_000)
    laptop.look()
    phone.go("/handbooks/")
    phone.reads("已完成")
    phone.go(address)
    with phone.page.expect_download() as waiting:
        button = phone.page.locator("main").get_by_role("button", name=re.compile("下载 ZIP"))
        button.click()
    assert re.fullmatch(r"帮带手册_安吉县_\d{8}\.zip", waiting.value.suggested_filename)
    content = Path(waiting.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        assert names == [f"上墅乡/帮带手册_褚师傅_{one}.pdf" for one in ("周徒弟", "马徒弟")]
        pages = PdfReader(io.BytesIO(archive.read(names[0]))).pages
    assert "周徒弟的课" in "".join(page.extract_text() for page in pages)
    laptop.leave()
    phone.leave()
