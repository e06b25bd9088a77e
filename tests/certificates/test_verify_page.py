"""The public page: what a stranger with the paper may know, and nothing more."""

from __future__ import annotations

import pytest

from certificates import issuing

SECRETS = ["褚师傅", "马徒弟", "师傅", "徒弟", "上墅乡", "刘家塘村", "姓名有误"]


@pytest.fixture
def certificate(cast):
    return issuing.issue(cast.pairing, by=cast.county)


def test_a_valid_one_is_confirmed_with_masked_names(client, certificate):
    response = client.get(f"/certificates/v/{certificate.token}/")
    assert response.status_code == 200
    assert "该拜师帖真实有效" in response.text
    for shown in (certificate.serial, "褚**", "马**", "安吉县"):
        assert shown in response.text
    assert [secret for secret in SECRETS if secret in response.text] == []


def test_a_void_one_says_so_and_not_why(client, cast, certificate):
    issuing.void(certificate, by=cast.county, reason="姓名有误")
    response = client.get(f"/certificates/v/{certificate.token}/")
    assert response.status_code == 200
    assert "该拜师帖已作废" in response.text
    assert "真实有效" not in response.text
    assert [secret for secret in SECRETS if secret in response.text] == []


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "褚师傅", "a" * 300])
def test_an_unknown_one_cannot_be_verified(client, certificate, token):
    response = client.get(f"/certificates/v/{token}/")
    assert response.status_code == 404
    assert "无法核验该拜师帖" in response.text
    assert certificate.serial not in response.text


def test_it_is_kept_out_of_search_engines_and_caches(client, certificate):
    for token in (certificate.token, "unknown"):
        headers = client.get(f"/certificates/v/{token}/").headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_printed_address_opens_it(client, settings, cast):
    settings.SITE_URL = "https://bangdai.example"
    certificate = issuing.issue(cast.pairing, by=cast.county)
    path = certificate.facts["address"].removeprefix("https://bangdai.example")
    assert certificate.serial in client.get(path).text


def test_a_long_name_shows_its_first_character_alone(client, cast):
    cast.mentee_row.name = "阿卜杜拉·买买提艾力"
    cast.mentee_row.save()
    certificate = issuing.issue(cast.pairing, by=cast.county)
    text = client.get(f"/certificates/v/{certificate.token}/").text
    assert "阿" + "*" * 9 in text
    assert "买买提" not in text
