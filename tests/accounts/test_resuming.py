"""A form sent after the session ran out: on `/units/new/`, as any page with a form would be."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import resuming
from tests.factories import make_grant
from units.models import Unit

PASSWORD = "correct horse battery"
ADDRESS = "/units/new/"
TYPED = "上墅乡便民服务站"


@pytest.fixture
def form(cast, tree):
    return {"parent": tree.shangshu.pk, "kind": "station", "name": TYPED, "code": ""}


@pytest.fixture
def browser(client, cast) -> Client:
    """The coordinator of Anji was signed in here; then the session ran out."""
    sign_in(client, "anji")
    client.session.flush()
    return client


def sign_in(client: Client, username: str, target: str = ""):
    return client.post(
        reverse("accounts:sign_in"),
        {"username": username, "password": PASSWORD, "next": target},
    )


def hidden_fields(response) -> dict:
    return dict(response.context["kept"]["fields"])


def test_the_form_is_offered_after_sign_in_and_sent_by_one_button(browser, form):
    refused = browser.post(ADDRESS, form)
    assert (refused.status_code, refused.url) == (
        302,
        "/accounts/sign-in/?next=%2Faccounts%2Fresume%2F",
    )
    assert not Unit.objects.filter(name=TYPED).exists()
    page = browser.get(refused.url)
    assert "您填写的内容已保留" in page.text
    assert TYPED not in page.text

    assert sign_in(browser, "anji", "/accounts/resume/").url == "/accounts/resume/"
    offered = browser.get("/accounts/resume/")
    assert offered.context["kept"]["path"] == ADDRESS
    assert TYPED in offered.text
    assert hidden_fields(offered) == {key: str(value) for key, value in form.items()}
    assert browser.post(ADDRESS, hidden_fields(offered)).status_code == 302
    assert Unit.objects.filter(name=TYPED).count() == 1


def test_what_went_through_is_kept_no_longer(browser, form):
    browser.post(ADDRESS, form)
    sign_in(browser, "anji")
    assert browser.post(ADDRESS, form).status_code == 302
    assert resuming.KEPT not in browser.session
    assert browser.get("/accounts/resume/").url == "/"


def test_a_reload_or_a_refusal_loses_nothing(browser, form):
    browser.post(ADDRESS, form)
    sign_in(browser, "anji")
    assert TYPED in browser.get("/accounts/resume/").text
    assert browser.post(ADDRESS, form | {"kind": "nonsense"}).status_code == 422
    assert TYPED in browser.get("/accounts/resume/").text


def test_it_can_be_thrown_away(browser, form):
    browser.post(ADDRESS, form)
    sign_in(browser, "anji")
    assert browser.post("/accounts/resume/").url == "/"
    assert resuming.KEPT not in browser.session
    assert not Unit.objects.filter(name=TYPED).exists()


def test_another_person_on_the_same_browser_never_sees_it(browser, form):
    browser.post(ADDRESS, form)
    assert sign_in(browser, "deqing", "/accounts/resume/").status_code == 302
    assert TYPED not in str(dict(browser.session))
    response = browser.get("/accounts/resume/", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert TYPED not in response.text


def test_it_is_gone_for_the_first_person_too_once_another_has_signed_in(browser, form):
    browser.post(ADDRESS, form)
    sign_in(browser, "deqing")
    browser.post(reverse("accounts:sign_out"))
    sign_in(browser, "anji")
    assert browser.get("/accounts/resume/").url == "/"


def test_a_forged_cookie_keeps_nothing(cast, form):
    client = Client()
    client.cookies[resuming.WHO] = f"{cast.county.pk}:forged"
    assert client.post(ADDRESS, form).url == "/accounts/sign-in/?next=%2F"
    assert resuming.KEPT not in client.session
    sign_in(client, "anji")
    assert client.get("/accounts/resume/").url == "/"


def test_a_browser_on_which_nobody_was_signed_in_keeps_nothing_and_says_so(cast, form):
    client = Client()
    response = client.post(ADDRESS, form, headers={"Referer": "http://testserver/units/new/"})
    page = client.get(response.url)
    assert page.context["next"] == "http://testserver/units/new/"
    assert "您提交的内容未能保留" in page.text
    assert TYPED not in str(dict(client.session))


def test_too_much_is_not_kept_and_that_is_said(browser, form):
    refused = browser.post(ADDRESS, form | {"name": "长" * (resuming.MAX_KEPT + 1)})
    assert refused.url == "/accounts/sign-in/?next=%2F"
    assert "您提交的内容未能保留" in browser.get(refused.url).text
    sign_in(browser, "anji")
    assert browser.get("/accounts/resume/").url == "/"
    assert resuming.LOST not in browser.session


def test_as_much_as_the_limit_is_kept(browser, form):
    written = "长" * (resuming.MAX_KEPT - 100)
    browser.post(ADDRESS, form | {"name": written})
    sign_in(browser, "anji")
    assert hidden_fields(browser.get("/accounts/resume/"))["name"] == written


def test_a_form_sent_by_htmx_is_kept_and_the_whole_page_goes_to_sign_in(browser, form):
    response = browser.post(ADDRESS, form, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/accounts/sign-in/?next=%2Faccounts%2Fresume%2F"
    sign_in(browser, "anji")
    assert TYPED in browser.get("/accounts/resume/").text


def test_a_fragment_asked_for_by_htmx_leads_back_to_its_page(browser):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/units/?q=上墅"}
    response = browser.get("/units/", headers=headers)
    assert response.status_code == 204
    page = browser.get(response.headers["HX-Redirect"])
    assert page.context["next"].startswith("http://testserver/units/?q=")


def test_after_sign_in_nobody_is_led_to_another_site(browser):
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(browser, "anji", target).url == "/"
        browser.session.flush()


def test_files_are_named_as_lost_and_never_kept(browser, form, tmp_path):
    photo = tmp_path / "走访照片.jpg"
    photo.write_bytes(b"\xff\xd8canary")
    with photo.open("rb") as first, photo.open("rb") as second:
        browser.post(ADDRESS, form | {"photos": [first, second]})
    assert "canary" not in str(dict(browser.session))
    sign_in(browser, "anji")
    page = browser.get("/accounts/resume/").text
    assert "文件无法保留，发送后请重新选择： 走访照片.jpg、走访照片.jpg" in page


def test_passwords_and_tokens_are_never_kept(browser, form):
    secret = {"new_password1": "canary-password", "csrfmiddlewaretoken": "canary-token"}
    browser.post(ADDRESS, form | secret)
    assert "canary" not in str(dict(browser.session))
    sign_in(browser, "anji")
    assert "canary-password" not in browser.get("/accounts/resume/").text


def test_ids_keys_and_choices_are_sent_again_but_not_shown_as_text():
    kept = resuming.Unsent(
        path="/", files=[], user=1,
        fields=[
            ("name", "座谈"), ("remark", "two words"), ("on", "2026-11-23"), ("kind", "station"),
            ("mentor", "0192f0c1-7c1e-7b2a-9c3d-1f2e3d4c5b6a"), ("client_key", "甲"), ("x", ""),
        ],
    )  # fmt: skip
    assert resuming.readable(kept) == ["座谈", "two words"]


def test_markup_in_what_was_typed_stays_text(browser, form):
    browser.post(ADDRESS, form | {"name": "<script>坏</script>"})
    sign_in(browser, "anji")
    page = browser.get("/accounts/resume/").text
    assert "<script>坏" not in page
    assert "&lt;script&gt;坏" in page


def test_somebody_who_may_no_longer_do_it_is_refused_on_sending(browser, cast, form, tree):
    browser.post(ADDRESS, form)
    cast.county.grants.update(to_on="2020-01-02")
    make_grant(user=cast.county, role="viewer", unit=tree.anji)
    sign_in(browser, "anji")
    assert browser.post(ADDRESS, form).status_code == 403
    assert not Unit.objects.filter(name=TYPED).exists()
