import pytest
from axes.utils import reset as unlock
from django.test import Client

PASSWORD = "correct horse battery"
ADDRESS = "/accounts/sign-in/"


def attempt(client, username="anji", password=PASSWORD):
    return client.post(ADDRESS, {"username": username, "password": password})


def test_the_right_password_opens_the_home_page(client, cast):
    response = attempt(client)
    assert (response.status_code, response.url) == (302, "/")


def test_a_wrong_password_says_so_in_chinese_and_keeps_the_name(client, cast):
    response = attempt(client, password="wrong")
    assert response.status_code == 422
    assert "用户名或密码不对" in response.text
    assert 'value="anji"' in response.text


def test_an_unknown_name_is_answered_like_a_wrong_password(client, cast):
    known, unknown = attempt(client, password="x"), attempt(client, "nobody", "x")
    assert known.context["form"].errors == unknown.context["form"].errors


def test_a_closed_account_opens_nothing(client, cast):
    cast.county.is_active = False
    cast.county.save()
    assert attempt(client).status_code == 422
    assert client.get("/units/").status_code == 302


def test_who_is_signed_in_already_is_led_on(cast, signed_in):
    client = signed_in(cast.county)
    assert client.get(f"{ADDRESS}?next=/units/").url == "/units/"


@pytest.fixture
def _no_lock_out_left(db):
    yield
    unlock()


@pytest.mark.usefixtures("_no_lock_out_left")
def test_eight_wrong_passwords_lock_this_name_out_and_no_other(client, cast):
    codes = [attempt(client, password=f"wrong {number}").status_code for number in range(8)]
    assert codes == [422] * 7 + [429]
    refused = attempt(client)
    assert refused.status_code == 429
    assert "密码错误次数过多" in refused.text
    assert "请等待一刻钟再试" in refused.text
    assert attempt(client, "deqing").status_code == 302


def test_a_form_without_its_token_is_explained_in_chinese(cast):
    client = Client(enforce_csrf_checks=True)
    response = attempt(client)
    assert response.status_code == 403
    assert "页面打开时间过长" in response.text


def test_more_than_the_server_takes_is_explained_in_chinese(cast, signed_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = signed_in(cast.county).post("/units/new/", {"name": "长" * 1000})
    assert response.status_code == 400
    assert "一次提交的内容过大" in response.text


@pytest.mark.parametrize("address", ["/units/999999/", "/no-such-page/"])
def test_what_is_not_there_is_said_in_chinese(cast, signed_in, address):
    response = signed_in(cast.county).get(address)
    assert response.status_code == 404
    assert "没有可供您查看的内容" in response.text


def test_signing_out_takes_a_post_and_closes_the_session(cast, signed_in):
    client = signed_in(cast.county)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.post("/accounts/sign-out/").url == ADDRESS
    assert client.get("/units/").url == f"{ADDRESS}?next=%2Funits%2F"
