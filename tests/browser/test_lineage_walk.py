"""An office reads who taught whom and prints it, and picks a mentor from the suggestions."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise

import pytest
from pypdf import PdfReader

from accounts.models import Role
from mentors.models import Mentor
from pairings.models import Pairing
from pairings.states import State
from tests.browser.walking import LAPTOP, PHONE, Person
from tests.factories import (
    make_cadre,
    make_grant,
    make_mentee,
    make_mentor,
    make_pairing,
    make_user,
)
from units.models import Unit

PASSWORD = "correct horse battery"
LINE = "赵钱孙李"


@pytest.fixture
def township(county):
    """上墅乡 with four generations of one person each, and a mentee without a mentor."""
    township = Unit.objects.get(name="上墅乡", county=county)
    user = make_user(username="shangshu", name="上墅组织委员")
    make_grant(user=user, role=Role.COORDINATOR, unit=township)
    people = [
        make_cadre(unit=township, name=f"{name}师傅", birth_month=f"{1955 + 10 * n}-05")
        for n, name in enumerate(LINE)
    ]
    for number, (mentor, mentee) in enumerate(pairwise(people)):
        is_last = number == len(people) - 2
        year = 2005 + 9 * number
        make_pairing(
            mentor=make_mentor(cadre=mentor, from_on=dt.date(2004, 1, 1)),
            mentee=mentee,
            state=State.ACTIVE if is_last else State.COMPLETED,
            from_on=dt.date(year, 3, 1),
            to_on=dt.date(2027, 2, 28) if is_last else dt.date(year + 1, 2, 28),
        )
    make_mentee(cadre=make_cadre(unit=township, name="周小徒", birth_month="1999-09"))
    return township


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def office(request, township, person) -> Person:
    somebody = person(request.param)
    somebody.sign_in("shangshu", PASSWORD)
    return somebody


def drawn(office: Person) -> int:
    """How high the drawing is, in pixels; it is a canvas, so its words are those of the table."""
    return int(office.page.locator("[data-lineage] canvas").first.evaluate("each => each.height"))


@pytest.mark.browser
def test_an_office_follows_a_line_up_and_down_and_prints_it(office):
    office.go("/pairings/")
    office.press("师承谱系")
    office.reads("上墅乡", "赵师傅", "钱师傅", "孙师傅", "第 3 代", "下面还有 1 人")
    assert drawn(office) > 0
    width = office.page.locator("[data-lineage]").evaluate("each => each.clientWidth")
    office.page.get_by_role("button", name="收起一代").click()
    office.look()
    assert office.page.locator("[data-lineage]").evaluate("each => each.clientWidth") < width

    # Down: the folded generation; then one person, and up to all who stand above.
    office.press("下面还有 1 人")
    office.reads("李师傅", "返回全部谱系")
    office.press("返回全部谱系")
    office.press("孙师傅")
    office.reads("赵师傅", "钱师傅", "李师傅")
    office.press("钱师傅")
    office.reads("钱师傅", "李师傅")
    office.write("q", "李")
    office.press("查看谱系")
    office.reads("本谱系中符合条件的有 1 人", "李师傅")
    office.press("显示全部")

    [page] = PdfReader(io.BytesIO(office.download("挂图"))).pages
    printed = "".join(page.extract_text().split())
    assert printed.startswith("钱师傅师承谱系")
    assert [f"{name}师傅" in printed for name in LINE] == [True] * len(LINE)
    assert "1955" not in printed
    office.leave()


@pytest.mark.browser
def test_an_office_picks_a_mentor_from_the_suggestions(office):
    office.go("/mentees/?q=周小徒")
    office.press("周小徒")
    office.page.get_by_role("link", name="建议导师").first.click()
    office.look()
    office.reads("赵师傅", "空余名额")
    office.page.locator("summary", has_text="契合值").first.click()
    office.look()
    office.reads("权重")
    chosen = office.page.locator("main section h2 a").first.inner_text()
    office.press(f"选此导师 {chosen}")
    office.press("登记")
    office.reads(chosen, "周小徒", "待双方确认")
    [pair] = Pairing.objects.filter(mentee__name="周小徒")
    assert (pair.mentor, pair.state) == (Mentor.objects.get(cadre__name=chosen), State.PROPOSED)
    office.leave()
