"""Additional posts, dates put right, and coming back onto the register; each with its event."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.models import Cadre, Posting
from cadres.posts import StalePost, correct_post, end_post
from tests.factories import make_cadre


@pytest.fixture
def person(cast, tree) -> Cadre:
    return make_cadre(unit=tree.shangshu, name="单小明", birth_month="1991-11", title="科员")


def events(cadre: Cadre) -> list[tuple]:
    rows = cadre.events.order_by("at", "pk")
    return [(row.verb, row.actor and row.actor.username, row.on, row.fields) for row in rows]


def held(cadre: Cadre) -> list[tuple]:
    return list(cadre.postings.values_list("unit__name", "title", "is_main", "from_on", "to_on"))


def test_an_additional_post_stands_beside_the_main_one_and_ends(cast, tree, person, signed_in):
    client = signed_in(cast.township)
    data = {"unit": tree.liujiatang.pk, "title": "第一书记", "from_on": "2026-03-01"}
    for _ in range(2):  # sent twice it is one post
        assert client.post(f"/cadres/{person.pk}/posts/new/", data).status_code == 302
    first = ("上墅乡", "科员", True, None, None)
    assert set(held(person)) == {
        first,
        ("刘家塘村", "第一书记", False, dt.date(2026, 3, 1), None),
    }
    post = person.postings.get(is_main=False)
    address = f"/cadres/{person.pk}/posts/{post.pk}/end/"
    early = client.post(address, {"on": "2026-02-28"})
    assert (early.status_code, "任职起始日期晚于该日" in early.text) == (422, True)
    assert client.post(address, {"on": "2026-06-30"}).status_code == 302
    assert client.post(address, {"on": "2026-06-30"}).status_code == 409
    post.refresh_from_db()
    assert post.to_on == dt.date(2026, 6, 30)
    person.refresh_from_db()
    assert person.unit == tree.shangshu
    user = cast.township.username
    assert events(person) == [
        ("add_post", user, dt.date(2026, 3, 1), []),
        ("end_post", user, dt.date(2026, 6, 30), []),
    ]


def test_the_main_post_ends_by_a_move_alone(cast, person, signed_in):
    post = person.postings.get()
    response = signed_in(cast.township).post(
        f"/cadres/{person.pk}/posts/{post.pk}/end/", {"on": "2026-03-01"}
    )
    assert response.status_code == 409
    post.refresh_from_db()
    assert post.to_on is None


def test_dates_are_put_right_and_who_did_it_is_kept(cast, tree, person, signed_in):
    person.move_to(tree.dipu, title="干事", on=dt.date(2026, 3, 1))
    old = person.postings.get(title="科员")
    client = signed_in(cast.county)
    address = f"/cadres/{person.pk}/posts/{old.pk}/"
    over = client.post(address, {"title": "科员", "from_on": "2020-01-01", "to_on": "2026-03-01"})
    assert over.status_code == 422
    assert "该期间已有主职：递铺街道 干事" in over.text
    data = {"title": "一级科员", "from_on": "2020-01-01", "to_on": "2026-02-20"}
    assert client.post(address, data).status_code == 302
    assert ("上墅乡", "一级科员", True, dt.date(2020, 1, 1), dt.date(2026, 2, 20)) in held(person)
    assert events(person)[-1] == (
        "correct_post", cast.county.username, dt.date(2020, 1, 1), [],
    )  # fmt: skip
    backwards = client.post(
        address, {"title": "科员", "from_on": "2026-02-21", "to_on": "2026-02-20"}
    )
    assert backwards.status_code == 422


def test_a_post_held_elsewhere_is_kept_by_the_office_there(cast, tree, person, signed_in):
    person.move_to(tree.yuyue, title="干事", on=dt.date(2026, 3, 1))
    theirs = person.postings.get(title="科员")
    address = f"/cadres/{person.pk}/posts/{theirs.pk}/"
    data = {"title": "x", "from_on": "", "to_on": "2026-02-01"}
    assert signed_in(cast.other_county).post(address, data).status_code == 403
    assert signed_in(cast.county).post(address, data).status_code == 404
    theirs.refresh_from_db()
    assert theirs.title == "科员"


def test_a_post_that_changed_meanwhile_is_left_alone(cast, tree, person):
    extra = Posting.objects.create(cadre=person, unit=tree.dipu, title="兼", is_main=False)
    as_read = Posting.objects.get(pk=extra.pk)
    end_post(extra, on=dt.date(2026, 3, 1), by=cast.county)
    with pytest.raises(StalePost):
        correct_post(as_read, title="别", from_on=None, to_on=None, by=cast.county)
    with pytest.raises(StalePost):
        end_post(as_read, on=dt.date(2026, 4, 1), by=cast.county)
    extra.refresh_from_db()
    assert (extra.title, extra.to_on) == ("兼", dt.date(2026, 3, 1))


def test_a_leaving_by_mistake_is_taken_back_with_the_posts_it_closed(cast, tree, person, signed_in):
    Posting.objects.create(cadre=person, unit=tree.dipu, title="兼", is_main=False)
    Posting.objects.create(  # had ended by itself on that very day
        cadre=person, unit=tree.dipu, title="挂职", is_main=False, to_on=dt.date(2026, 3, 1)
    )
    client = signed_in(cast.township)
    address = f"/cadres/{person.pk}/reinstate/"
    assert client.post(address, {"reason": "误操作"}).status_code == 409
    person.leave(on=dt.date(2026, 3, 1), reason="退休", by=cast.township)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "误操作"}).status_code == 302
    person.refresh_from_db()
    assert (person.left_on, person.left_reason) == (None, "")
    ends = dict(person.postings.values_list("title", "to_on"))
    assert ends == {"科员": None, "兼": None, "挂职": dt.date(2026, 3, 1)}
    assert [event[0] for event in events(person)] == ["leave", "reinstate"]


def test_the_page_shows_posts_from_to_and_what_was_done(cast, tree, person, signed_in):
    client = signed_in(cast.county)
    client.post(
        f"/cadres/{person.pk}/edit/",
        {"name": "单小明", "gender": "1", "birth_month": "1991.11", "political_status": "01",
         "phone": "13800001234"},
    )  # fmt: skip
    client.post(
        f"/cadres/{person.pk}/move/",
        {"unit": tree.dipu.pk, "title": "干事", "on": "2026-03-01"},
    )
    assert events(person) == [
        ("correct", cast.county.username, None, ["political_status", "phone"]),
        ("move", cast.county.username, dt.date(2026, 3, 1), []),
    ]
    page = client.get(f"/cadres/{person.pk}/").text
    for text in ("2026年3月1日", "2026年2月28日", "起始日期不详", "更正信息", "政治面貌、手机号",
                 "调动任职", "递铺街道 干事"):  # fmt: skip
        assert text in page
