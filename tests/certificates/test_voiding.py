from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from certificates import issuing
from certificates.models import Certificate
from tests.factories import make_grant


@pytest.fixture
def certificate(cast):
    return issuing.issue(cast.pairing, by=cast.county)


def address(certificate) -> str:
    return f"/certificates/{certificate.pk}/void/"


def test_a_void_certificate_says_who_when_and_why_and_a_new_one_gets_the_next_number(
    cast, certificate
):
    issuing.void(certificate, by=cast.township, reason=" 姓名有误 ")
    certificate.refresh_from_db()
    assert (certificate.voided_by, certificate.void_reason) == (cast.township, "姓名有误")
    assert not certificate.is_valid
    newer = issuing.issue(cast.pairing, by=cast.county)
    assert (certificate.number, newer.number) == (1, 2)
    assert list(cast.pairing.certificates.valid()) == [newer]
    assert list(cast.pairing.certificates.void()) == [certificate]


def test_a_number_of_a_person_in_the_reason_is_masked(cast, certificate):
    issuing.void(certificate, by=cast.county, reason="号码写成138 1234 5678")
    certificate.refresh_from_db()
    assert certificate.void_reason == "号码写成138******78"


def test_it_is_voided_once(cast, certificate):
    copy = Certificate.objects.get(pk=certificate.pk)
    issuing.void(certificate, by=cast.county, reason="姓名有误")
    with pytest.raises(issuing.Refused, match="该拜师帖已经作废"):
        issuing.void(copy, by=cast.township, reason="另一个原因")
    copy.refresh_from_db()
    assert (copy.voided_by, copy.void_reason) == (cast.county, "姓名有误")


def test_a_void_certificate_cannot_be_made_valid_again(cast, certificate):
    issuing.void(certificate, by=cast.county, reason="姓名有误")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.update(voided_at=None, voided_by=None, void_reason="")


def test_the_database_wants_a_reason(cast, certificate):
    with pytest.raises(ValueError, match="for a reason"):
        issuing.void(certificate, by=cast.county, reason="  ")
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        Certificate.objects.update(voided_at="2026-03-01T00:00Z", voided_by=cast.county)


@pytest.mark.parametrize("who", ["viewer", "other_county", "sibling", "mentor", "mentee"])
def test_only_a_coordinator_over_the_unit_voids(cast, certificate, who):
    with pytest.raises(PermissionDenied):
        issuing.void(certificate, by=getattr(cast, who), reason="姓名有误")
    assert Certificate.objects.valid().count() == 1


def test_a_coordinator_voids_on_the_page(cast, certificate, signed_in):
    client = signed_in(cast.county)
    assert "作废安吉帖" in client.get(address(certificate)).text
    response = client.post(address(certificate), {"reason": "单位名称有误"}, follow=True)
    assert response.redirect_chain == [(f"/certificates/{certificate.pk}/", 302)]
    assert f"已作废：{certificate.serial}" in response.text
    assert "单位名称有误" in response.text
    assert client.get(address(certificate)).status_code == 409
    assert client.post(address(certificate), {"reason": "再次"}).status_code == 409


def test_the_page_wants_a_reason(cast, certificate, signed_in):
    response = signed_in(cast.county).post(address(certificate), {"reason": "   "})
    assert response.status_code == 422
    assert Certificate.objects.valid().count() == 1


def test_a_coordinator_elsewhere_who_is_the_mentor_sees_it_and_does_not_void_it(
    cast, tree, certificate, signed_in
):
    make_grant(user=cast.mentor, role="coordinator", unit=tree.deqing)
    client = signed_in(cast.mentor)
    assert client.get(f"/certificates/{certificate.pk}/").status_code == 200
    assert client.post(address(certificate), {"reason": "姓名有误"}).status_code == 403
