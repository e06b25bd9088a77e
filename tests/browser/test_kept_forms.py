"""Forms that wait on a telephone: whose they are, what is refused, what is sent twice."""

from __future__ import annotations

import pytest

from activities.models import Attachment, Comment, Visit
from pairings.models import Pairing
from tests.activities.making import make_visit
from tests.browser.village import (
    all_kept,
    all_sent,
    begin,
    cut,
    join,
    leave,
    make_pair,
    photo,
    until,
)
from tests.browser.walking import PHONE


@pytest.fixture
def pair(county):
    return make_pair(county)


@pytest.fixture
def phone(person):
    return person(PHONE)


def form(pair: Pairing) -> str:
    return f"/activities/pairings/{pair.pk}/visit/"


def write_visit(phone, *, people: str = "3") -> None:
    phone.write("place_text", "溪边茶园")
    phone.tick("visited", "household")
    phone.write("people_count", people)
    phone.write("asked", "想修水渠")


def kept_typing(phone) -> None:
    until(
        phone,
        "sending.owner.then(owner => kept.all('drafts', owner)).then(rows => rows.some("
        "row => row.fields.some(([name, value]) => value === '想修水渠')))",
    )


@pytest.mark.browser
def test_what_was_typed_is_there_again_and_can_be_thrown_away(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    phone.attach("uploads", photo())
    write_visit(phone)
    kept_typing(phone)
    phone.go("/")
    phone.go(form(pair))
    phone.page.get_by_text("已恢复未提交的内容。").wait_for()
    assert phone.page.locator("[name=asked]").input_value() == "想修水渠"
    assert phone.page.locator("[name=visited]:checked").input_value() == "household"
    names = "input => [...input.files].map(file => [file.name, file.size < 2000000])"
    assert phone.page.locator("[name=uploads]").evaluate(names) == [["茶园.jpg", True]]
    phone.press("放弃")
    assert phone.page.locator("[name=asked]").input_value() == ""
    assert all_kept(phone, "drafts") == []
    leave(phone)


@pytest.mark.browser
def test_a_draft_of_several_visits_gets_its_rows_back(pair, phone):
    begin(phone, "ma")
    day = f"/activities/pairings/{pair.pk}/visits/"
    phone.go(day)
    rows = phone.page.locator("#visit-rows > fieldset")
    before = rows.count()
    phone.page.get_by_role("button", name="再加一处").click()
    rows.nth(before).wait_for()
    phone.write(f"visits-{before}-asked", "想修水渠")
    kept_typing(phone)
    phone.go(day)
    phone.page.get_by_text("已恢复未提交的内容。").wait_for()
    assert rows.count() == before + 1
    assert phone.page.locator(f"textarea[name=visits-{before}-asked]").input_value() == "想修水渠"
    leave(phone)


@pytest.mark.browser
def test_a_refused_form_is_a_draft_again_with_its_sentences_and_its_photo(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    cut(phone)
    write_visit(phone, people="0")
    phone.attach("uploads", photo())
    phone.press("保存")
    join(phone)
    phone.page.get_by_text("未通过检查，请打开修改").wait_for()
    phone.reads("至少为 1。")
    assert Visit.objects.count() == 0
    phone.press("记走访 · 褚师傅 → 马徒弟")
    phone.page.get_by_text("尚未提交成功").wait_for()
    said = phone.page.locator("#div_id_people_count .invalid-feedback")
    assert said.all_inner_texts() == ["至少为 1。"]
    phone.look()
    phone.write("people_count", "2")
    phone.press("保存")
    assert (Visit.objects.get().people_count, Attachment.objects.count()) == (2, 1)
    assert all_kept(phone, "drafts") == []
    leave(phone)


@pytest.mark.browser
def test_a_refusal_on_the_page_keeps_the_photo_chosen(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    write_visit(phone, people="0")
    phone.attach("uploads", photo())
    phone.press("保存")
    phone.reads("至少为 1。")
    phone.page.wait_for_function("document.querySelector('main [name=uploads]').files.length === 1")
    phone.write("people_count", "2")
    phone.press("保存")
    assert (Visit.objects.get().people_count, Attachment.objects.count()) == (2, 1)
    assert all_kept(phone, "queue") == []
    leave(phone)


@pytest.mark.browser
def test_a_form_whose_answer_was_lost_is_sent_again_and_saved_once(pair, phone):
    """The server had it, and the line broke before it could say so."""
    begin(phone, "ma")
    phone.go(form(pair))
    write_visit(phone)
    phone.page.evaluate("""async () => {
        const form = document.querySelector("form[data-keep]");
        await drafts.queue(form, null, "leaving");
        await fetch(form.action, { method: "POST", body: new FormData(form) });
        document.cookie = `${sending.text("sent")}=; max-age=0; path=/`;
    }""")
    assert Visit.objects.count() == 1
    phone.go(form(pair))
    all_sent(phone)
    assert phone.page.locator("[name=asked]").input_value() == ""
    assert Visit.objects.count() == 1
    leave(phone)


@pytest.mark.browser
def test_another_person_on_the_device_neither_sees_nor_sends(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    cut(phone)
    write_visit(phone)
    phone.press("保存")
    phone.context.clear_cookies()  # the sign-in has run out; nobody has signed out
    join(phone)
    phone.go("/")
    phone.sign_in("chu", "correct horse battery")
    phone.go("/offline/")
    phone.page.locator("[data-nothing]").wait_for()
    cut(phone)
    phone.go(form(pair))
    phone.reads("本机没有待发送的内容。")
    assert "溪边茶园" not in phone.page.content()
    assert {row["owner"] for row in all_kept(phone, "forms")} <= {all_owner(phone)}
    join(phone)
    assert Visit.objects.count() == 0
    # The one who wrote it comes back, and it goes by itself.
    phone.context.clear_cookies()
    phone.sign_in("ma", "correct horse battery")
    all_sent(phone)
    assert Visit.objects.get().created_by.username == "ma"
    leave(phone)


def all_owner(phone) -> str:
    return str(phone.page.evaluate("sending.owner"))


@pytest.mark.browser
def test_signing_out_asks_and_leaves_nothing_behind(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    cut(phone)
    write_visit(phone)
    phone.press("保存")
    phone.page.route("**/accounts/token/", lambda route: route.abort())  # it cannot be sent yet
    join(phone)
    phone.go("/")
    asked = []

    def answer(dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    phone.page.on("dialog", answer)
    out = phone.page.locator("form[data-sign-out] button")
    phone.page.locator(".navbar-toggler").click()
    out.click()
    phone.page.wait_for_function("!document.querySelector('form[data-sign-out]').dataset.cleared")
    assert len(all_kept(phone, "queue")) == 1
    with phone.page.expect_navigation():
        out.click()
    assert asked == ["本机还有未发送或未填完的内容，退出后将一并删除。确定退出吗？"] * 2
    for store in ("queue", "drafts", "forms"):
        assert all_kept(phone, store) == []
    leave(phone)


@pytest.mark.browser
def test_the_worker_keeps_no_page_of_a_person(pair, phone):
    visit = make_visit(pairing=pair, place_text="溪边茶园")
    begin(phone, "ma")
    for path in ("/", form(pair), f"/activities/visits/{visit.pk}/", "/pairings/", "/offline/"):
        phone.go(path)
    kept = phone.page.evaluate("""async () => {
        const found = {};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const answer = await cache.match(request);
                found[new URL(request.url).pathname] = await answer.text();
            }
        }
        return found;
    }""")
    pages = {path: text for path, text in kept.items() if not path.startswith("/static/")}
    assert list(pages) == ["/offline/"]
    assert 'data-owner=""' in pages["/offline/"]
    assert not [path for path, text in kept.items() if "马徒弟" in text or "溪边茶园" in text]
    leave(phone)


@pytest.mark.browser
def test_a_comment_without_a_network_waits_as_well(pair, phone):
    visit = make_visit(pairing=pair, place_text="溪边茶园")
    begin(phone, "chu")
    phone.go(f"/activities/visits/{visit.pk}/")
    cut(phone)
    phone.write("text", "问得细")
    phone.page.get_by_role("button", name="发表点评").click()
    phone.page.get_by_text("本机未发送： 1").wait_for()
    assert phone.page.locator("main [name=text]").input_value() == ""
    join(phone)
    phone.page.locator("#unsent").wait_for(state="hidden")
    assert Comment.objects.get().text == "问得细"
    leave(phone)


@pytest.mark.browser
def test_two_refused_for_the_same_pair_do_not_write_over_each_other(pair, phone):
    begin(phone, "ma")
    phone.go(form(pair))
    write_visit(phone, people="0")
    phone.page.evaluate("""async () => {
        const form = document.querySelector("form[data-keep]");
        await drafts.queue(form, null, "waiting");
        form.querySelector("[name=client_key]").value = crypto.randomUUID();
        form.querySelector("[name=asked]").value = "想装路灯";
        await drafts.queue(form, null, "waiting");
    }""")
    refused = []

    def is_third(response) -> bool:
        refused.extend([response] if response.status == 422 else [])
        return len(refused) == 3

    with phone.page.expect_response(is_third):
        phone.go("/offline/")
        until(phone, "kept.all('drafts', sending.text('owner')).then(rows => rows.length === 1)")
        phone.page.wait_for_load_state("networkidle")
        phone.go("/offline/")  # the one that waits its turn is tried again
    rows = [*all_kept(phone, "drafts"), *all_kept(phone, "queue")]
    asked = [value for row in rows for name, value in row["fields"] if name == "asked"]
    assert sorted(asked) == ["想修水渠", "想装路灯"]
    leave(phone)
