from __future__ import annotations

import datetime as dt
import re

import pytest

from certificates import issuing
from certificates.models import Certificate
from tests.certificates.making import make_pairs, words_of
from tests.factories import make_cadre, make_mentor, make_pairing

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def certificate(cast):
    return issuing.issue(cast.pairing, by=cast.county, on=DAY)


def panel(pairing) -> str:
    return f"/certificates/pairings/{pairing.pk}/panel/"


def issue(pairing) -> str:
    return f"/certificates/pairings/{pairing.pk}/issue/"


def pdf(certificate) -> str:
    return f"/certificates/{certificate.pk}/pdf/"


def test_a_coordinator_issues_from_the_panel_once(cast, signed_in):
    client = signed_in(cast.county)
    assert "签发拜师帖" in client.get(panel(cast.pairing)).text
    response = client.post(issue(cast.pairing), follow=True)
    made = Certificate.objects.get()
    assert response.redirect_chain == [(f"/certificates/{made.pk}/", 302)]
    assert f"已签发：{made.serial}" in response.text
    shown = client.get(panel(cast.pairing)).text
    assert made.serial in shown
    assert pdf(made) in shown
    assert issue(cast.pairing) not in shown
    assert client.post(issue(cast.pairing)).status_code == 409
    assert Certificate.objects.count() == 1


def test_a_pairing_that_is_not_active_gets_none(cast, signed_in):
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    client = signed_in(cast.county)
    assert issue(cast.pairing) not in client.get(panel(cast.pairing)).text
    response = client.post(issue(cast.pairing))
    assert response.status_code == 409
    assert "结对处于“帮带中”时才能签发拜师帖" in response.text


@pytest.mark.parametrize("who", ["mentor", "mentee", "viewer"])
def test_the_pair_and_a_leader_read_and_do_not_issue_or_void(cast, certificate, signed_in, who):
    client = signed_in(getattr(cast, who))
    shown = client.get(panel(cast.pairing)).text
    assert certificate.serial in shown
    assert f"/certificates/{certificate.pk}/void/" not in shown
    page = client.get(f"/certificates/{certificate.pk}/")
    assert page.status_code == 200
    assert f"/certificates/{certificate.pk}/void/" not in page.text
    assert client.post(issue(cast.pairing)).status_code == 403
    assert client.post(f"/certificates/{certificate.pk}/void/", {"reason": "x"}).status_code == 403


def test_the_pdf_is_shown_privately_under_a_chinese_name(cast, certificate, signed_in):
    response = signed_in(cast.mentee).get(pdf(certificate))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        "inline; filename*=utf-8''%E6%8B%9C%E5%B8%88%E5%B8%96-%E5%AE%89%E5%90%89%E5%B8%96"
        "%E3%80%942026%E3%80%95%E7%AC%AC0001%E5%8F%B7.pdf"
    )
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "object-src 'self'" in response.headers["Content-Security-Policy"]
    assert "马徒弟" in words_of(response.content)


def test_a_void_pdf_is_for_the_office_alone(cast, certificate, signed_in):
    issuing.void(certificate, by=cast.county, reason="姓名有误")
    codes = {
        who: signed_in(getattr(cast, who)).get(pdf(certificate)).status_code
        for who in ("county", "township", "viewer", "mentor", "mentee", "other_county", "sibling")
    }
    assert codes == {
        "county": 200,
        "township": 200,
        "viewer": 200,
        "mentor": 409,
        "mentee": 409,
        "other_county": 404,
        "sibling": 404,
    }
    for who in ("mentor", "mentee"):
        client = signed_in(getattr(cast, who))
        for shown in (panel(cast.pairing), f"/certificates/{certificate.pk}/"):
            text = client.get(shown).text
            assert "已作废" in text
            assert "姓名有误" not in text
            assert pdf(certificate) not in text


def test_the_list_shows_the_unit_and_nobody_elses(cast, tree, certificate, signed_in):
    mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德师傅"))
    deqing = make_pairing(mentor=mentor, mentee=make_cadre(unit=tree.yuyue, name="德徒弟"))
    other = issuing.issue(deqing, by=cast.other_county, on=DAY)
    for who, visible in (
        ("county", {certificate}),
        ("township", {certificate}),
        ("viewer", {certificate}),
        ("other_county", {other}),
        ("sibling", set()),
    ):
        text = signed_in(getattr(cast, who)).get("/certificates/").text
        assert {row for row in (certificate, other) if row.serial in text} == visible
        assert {row for row in (certificate, other) if row.facts["mentee"]["name"] in text} == (
            visible
        )


@pytest.mark.parametrize("who", ["mentor", "mentee", "stranger", "sysadmin"])
def test_the_list_is_for_the_office(cast, signed_in, who):
    assert signed_in(getattr(cast, who)).get("/certificates/").status_code == 403


def test_the_list_is_searched_by_number_name_pinyin_year_and_state(cast, certificate, signed_in):
    older, void, valid = make_pairs(cast, 3)
    older = issuing.issue(older, by=cast.county, on=dt.date(2025, 9, 1))
    void = issuing.issue(void, by=cast.county, on=DAY)
    valid = issuing.issue(valid, by=cast.county, on=DAY)
    issuing.void(void, by=cast.county, reason="姓名有误")
    client = signed_in(cast.county)
    for asked, found in (
        ("", [valid, void, older, certificate]),
        ("q=马徒弟", [certificate]),
        ("q=mtd", [certificate]),
        ("q=第0002号", [void]),
        ("q=褚师傅&year=2025", [older]),
        ("state=void", [void]),
        ("state=valid&year=2026", [valid, certificate]),
        ("q=没有此人", []),
        ("year=1999&after=broken", [valid, void, older, certificate]),
    ):
        text = client.get(f"/certificates/?{asked}").text
        links = re.findall(r'href="/certificates/([0-9a-f-]{36})/"', text)
        assert links == [str(row.pk) for row in found], asked


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_many_as_for_one(
    cast, signed_in, django_assert_num_queries, count
):
    for pairing in make_pairs(cast, count):
        issuing.issue(pairing, by=cast.county)
    for _ in range(count):
        issuing.void(issuing.issue(cast.pairing, by=cast.county), by=cast.county, reason="姓名有误")
    client = signed_in(cast.county)
    with django_assert_num_queries(7):
        client.get("/certificates/")
    with django_assert_num_queries(6):
        client.get(panel(cast.pairing))


def test_no_page_has_a_script_or_a_style_of_its_own(cast, certificate, signed_in):
    client = signed_in(cast.county)
    for address in (
        "/certificates/",
        panel(cast.pairing),
        f"/certificates/{certificate.pk}/",
        f"/certificates/{certificate.pk}/void/",
        f"/certificates/v/{certificate.token}/",
    ):
        text = client.get(address).text
        assert re.findall(r"<style|style=|<script(?![^>]* src=)|\son[a-z]+=", text) == []
