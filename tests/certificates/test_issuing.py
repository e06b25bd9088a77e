from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates import issuing
from certificates.models import Certificate, Series
from pairings.states import State
from tests.certificates.making import make_pairs, words_of
from tests.factories import make_cadre, make_grant, make_mentor, make_pairing, make_unit

DAY = dt.date(2026, 3, 2)


def test_a_certificate_keeps_what_it_printed(cast, settings):
    settings.SITE_URL = "https://bangdai.example"
    certificate = issuing.issue(cast.pairing, by=cast.county, on=DAY)
    certificate.refresh_from_db()
    assert certificate.facts == {
        "title": "拜师帖",
        "vow": "愿执弟子之礼，谨遵师教，团结同事，刻苦钻研，增强本领",
        "serial": "安吉帖〔2026〕第0001号",
        "mentor": {"name": "褚师傅", "unit": "安吉县上墅乡"},
        "mentee": {"name": "马徒弟", "unit": "安吉县上墅乡"},
        "from_on": "2026-03-01",
        "to_on": "2027-02-28",
        "issuer": "安吉县",
        "issued_on": "2026-03-02",
        "address": f"https://bangdai.example/certificates/v/{certificate.token}/",
    }
    assert certificate.serial == "安吉帖〔2026〕第0001号"
    assert (certificate.year, certificate.number) == (2026, 1)
    assert (certificate.issued_by, certificate.issued_on) == (cast.county, DAY)
    assert certificate.county == cast.pairing.county
    assert certificate.sha256 == hashlib.sha256(bytes(certificate.pdf)).hexdigest()
    assert bytes(certificate.pdf) == issuing.render(certificate.facts)
    assert len(certificate.token) == 22  # 128 bits


def test_numbers_run_by_county_and_year(cast, tree):
    deqing_mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德师傅"))
    deqing = make_pairing(mentor=deqing_mentor, mentee=make_cadre(unit=tree.yuyue, name="德徒弟"))
    first, second, third = make_pairs(cast, 3)
    issued = [
        issuing.issue(first, by=cast.county, on=DAY),
        issuing.issue(second, by=cast.township, on=DAY),
        issuing.issue(deqing, by=cast.other_county, on=DAY),
        issuing.issue(third, by=cast.county, on=dt.date(2025, 12, 31)),
        issuing.issue(cast.pairing, by=cast.county, on=DAY),
    ]
    assert [certificate.serial for certificate in issued] == [
        "安吉帖〔2026〕第0001号",
        "安吉帖〔2026〕第0002号",
        "德清帖〔2026〕第0001号",
        "安吉帖〔2025〕第0001号",
        "安吉帖〔2026〕第0003号",
    ]


@pytest.mark.parametrize(
    ("name", "serial"),
    [
        ("安吉县", "安吉帖〔2026〕第0012号"),
        ("吴兴区", "吴兴帖〔2026〕第0012号"),
        ("南太湖新区", "南太湖帖〔2026〕第0012号"),
        ("湖州市", "湖州帖〔2026〕第0012号"),
        ("景宁畲族自治县", "景宁畲族帖〔2026〕第0012号"),
        ("赵县", "赵县帖〔2026〕第0012号"),
    ],
)
def test_a_serial_number_names_the_county_without_its_suffix(name, serial):
    from units.models import Unit

    assert issuing.serial_text(Unit(name=name), 2026, 12) == serial


def test_units_are_written_in_full_as_one_writes_them(cast, tree):
    office = make_unit(name="镇政府办公室", kind="department", parent=tree.yuyue)
    bureau = make_unit(name="安吉县教育局", kind="department", parent=tree.anji)
    hangai = make_unit(name="杨家埠街道", kind="township", parent=tree.zone)
    units = [tree.liujiatang, tree.department, office, bureau, hangai, tree.zone, tree.city]
    names = issuing._full_names(units)
    assert [names[unit.pk] for unit in units] == [
        "安吉县上墅乡刘家塘村",
        "安吉县委组织部",
        "德清县禹越镇政府办公室",
        "安吉县教育局",
        "南太湖新区杨家埠街道",
        "南太湖新区",
        "湖州市",
    ]


@pytest.mark.parametrize("state", [state for state in State if state != State.ACTIVE])
def test_only_an_active_pairing_gets_a_certificate(cast, state):
    [pairing] = make_pairs(cast, 1, state=state)
    with pytest.raises(issuing.Refused, match="结对处于“帮带中”时才能签发拜师帖"):
        issuing.issue(pairing, by=cast.county)
    assert Series.objects.count() == 0


def test_the_state_is_read_anew_not_taken_from_the_page(cast):
    stale = type(cast.pairing).objects.get(pk=cast.pairing.pk)
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    with pytest.raises(issuing.Refused):
        issuing.issue(stale, by=cast.county)


def test_a_pairing_has_one_valid_certificate(cast):
    issuing.issue(cast.pairing, by=cast.county)
    with pytest.raises(issuing.Refused, match="不能重复签发"):
        issuing.issue(cast.pairing, by=cast.county)
    assert Series.objects.get().last == 1


@pytest.mark.parametrize("who", ["viewer", "other_county", "sibling", "mentor", "sysadmin"])
def test_only_a_coordinator_over_the_unit_issues(cast, who):
    with pytest.raises(PermissionDenied):
        issuing.issue(cast.pairing, by=getattr(cast, who))
    assert Certificate.objects.count() == 0


def test_a_coordinator_does_not_issue_the_letter_of_a_pair_of_their_own(cast, tree):
    make_grant(user=cast.mentor, role="coordinator", unit=tree.anji)
    with pytest.raises(PermissionDenied):
        issuing.issue(cast.pairing, by=cast.mentor)


def test_a_certificate_is_not_dated_ahead(cast):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ValueError, match="ahead"):
        issuing.issue(cast.pairing, by=cast.county, on=tomorrow)


def test_a_failing_render_leaves_no_gap(cast, monkeypatch):
    first, second, third = make_pairs(cast, 3)
    assert issuing.issue(first, by=cast.county).number == 1

    def fails(facts):
        raise RuntimeError("the printer is on fire")

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "render", fails)
        with pytest.raises(RuntimeError):
            issuing.issue(second, by=cast.county)
    assert Series.objects.get().last == 1
    assert issuing.issue(third, by=cast.county).number == 2


def test_later_changes_of_names_and_units_leave_it_as_it_was(cast, tree):
    certificate = issuing.issue(cast.pairing, by=cast.county, on=DAY)
    before = bytes(certificate.pdf)
    cast.mentee_row.name = "马新名"
    cast.mentee_row.save()
    tree.shangshu.name = "上墅镇"
    tree.shangshu.save()
    certificate = Certificate.objects.get(pk=certificate.pk)
    assert bytes(certificate.pdf) == before
    assert "马徒弟安吉县上墅乡" in words_of(certificate.pdf)
    assert certificate.facts["mentee"] == {"name": "马徒弟", "unit": "安吉县上墅乡"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("pdf", b"%PDF-forged"), ("number", 7), ("facts", {}), ("serial", "假"), ("token", "x")],
)
def test_the_database_itself_refuses_to_change_an_issued_certificate(cast, column, value):
    certificate = issuing.issue(cast.pairing, by=cast.county)
    with pytest.raises(IntegrityError, match="stays as it was issued"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**{column: value})


def test_the_database_itself_refuses_to_delete_a_certificate(cast):
    issuing.issue(cast.pairing, by=cast.county)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Certificate.objects.all().delete()


def test_a_unit_that_moves_to_another_county_leaves_the_numbers_alone(cast, tree):
    from units.tree import move

    deqing_mentor = make_mentor(cadre=make_cadre(unit=tree.yuyue, name="德师傅"))
    deqing = make_pairing(mentor=deqing_mentor, mentee=make_cadre(unit=tree.yuyue, name="德徒弟"))
    issuing.issue(deqing, by=cast.other_county, on=DAY)
    certificate = issuing.issue(cast.pairing, by=cast.county, on=DAY)
    move(tree.shangshu, tree.deqing)
    certificate.refresh_from_db()
    assert certificate.county == tree.anji
    assert (certificate.series.county, certificate.serial) == (tree.anji, "安吉帖〔2026〕第0001号")
    [newer] = make_pairs(cast, 1)
    other_county = type(cast.other_county).objects.get(pk=cast.other_county.pk)
    assert issuing.issue(newer, by=other_county, on=DAY).serial == "德清帖〔2026〕第0002号"
