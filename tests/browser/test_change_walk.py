"""A change of mentor in the middle of the term: the mentee's history stays in one piece."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role
from pairings.models import Pairing, PairingEvent
from pairings.states import State
from tests.browser.walking import PHONE
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


@pytest.fixture
def pair(county):
    """马晔 with 褚雪松 since two years, suspended once; 黄际来 has room."""
    user = make_user(username="anji", name="安吉组织部")
    make_grant(user=user, role=Role.COORDINATOR, unit=county)
    shangshu = Unit.objects.get(name="上墅乡", county=county)
    first = make_mentor(cadre=make_cadre(unit=shangshu, name="褚雪松", birth_month="1966-05"))
    second = make_cadre(unit=shangshu, name="黄际来", birth_month="1968-01")
    make_mentor(cadre=second, capacity=2)
    mentee = make_cadre(unit=shangshu, name="马晔", user=make_user(username="maye", name="马晔"))
    make_mentee(cadre=mentee, from_on=dt.date(2024, 3, 1))
    today = timezone.localdate()
    pairing = make_pairing(
        mentor=first,
        mentee=mentee,
        from_on=dt.date(2024, 3, 1),
        to_on=today + dt.timedelta(days=400),
    )
    for verb, old, new, on in (
        ("suspend", State.ACTIVE, State.SUSPENDED, dt.date(2025, 5, 6)),
        ("resume", State.SUSPENDED, State.ACTIVE, dt.date(2025, 8, 4)),
    ):
        PairingEvent.objects.create(
            pairing=pairing, verb=verb, from_state=old, to_state=new, on=on, actor=user
        )
    return pairing


@pytest.mark.browser
def test_a_mentor_is_changed_and_the_history_reads_on(pair, person):
    office = person()
    office.sign_in("anji", PASSWORD)
    office.go(f"/pairings/{pair.pk}/")
    office.reads("褚雪松", "暂停：2025年5月6日至2025年8月4日，共 90 天", "帮带记录（按月）")
    office.press("换师")
    office.pick("mentor", "hjl", "黄际来")
    office.write("reason", "导师退休")
    office.write("document", "安组〔2026〕7号")
    office.press("换师")
    if office.page.get_by_role("button", name="仍然登记").count():
        office.press("仍然登记")

    # The new pair tells what was before it, folded; opened it reads as it did.
    new = Pairing.objects.get(succeeds=pair)
    office.reads("黄际来", "此前", "与褚雪松结对")
    assert office.page.url.endswith(f"/pairings/{new.pk}/")
    office.page.locator("summary", has_text="与褚雪松结对").click()
    office.look()
    office.reads("2025年5月6日", "导师退休", "安组〔2026〕7号")

    # The old one leads on to it.
    office.go(f"/pairings/{pair.pk}/")
    office.reads("此后", "与黄际来结对", "已终止")
    office.leave()

    # The mentee finds both on a telephone.
    mentee = person(PHONE)
    mentee.sign_in("maye", PASSWORD)
    mentee.go(f"/pairings/{new.pk}/")
    mentee.reads("此前", "与褚雪松结对")
    mentee.go(f"/pairings/of/{pair.mentee_id}/")
    mentee.reads("褚雪松", "黄际来", "接续")
    mentee.leave()
