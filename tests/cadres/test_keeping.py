"""Corrections, moves, leaving, phone numbers and sign-ins."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from accounts.models import User
from cadres import identity
from cadres.models import Cadre, Posting
from tests.factories import make_cadre, make_user


@pytest.fixture
def person(cast, tree) -> Cadre:
    return make_cadre(
        unit=tree.shangshu, name="单小明", birth_month="1991-11", phone="13800001234", title="科员"
    )


def facts(cadre: Cadre, **changes) -> dict:
    return {
        "name": cadre.name, "gender": cadre.gender, "birth_month": cadre.birth_month,
        "phone": cadre.phone, **changes,
    }  # fmt: skip


def test_a_correction_keeps_the_id_number_that_is_not_typed_again(cast, person, signed_in):
    person.set_id_number("330599199111030019")
    person.save()
    client = signed_in(cast.township)
    assert "已登记，尾号 0019" in client.get(f"/cadres/{person.pk}/edit/").text
    response = client.post(f"/cadres/{person.pk}/edit/", facts(person, political_status="01"))
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.political_status, person.id_tail) == ("01", "0019")
    assert person.id_digest == identity.digest("330599199111030019")


def test_a_refused_correction_changes_nothing_on_the_page_or_in_the_row(cast, person, signed_in):
    response = signed_in(cast.township).post(
        f"/cadres/{person.pk}/edit/", facts(person, name="单大明", birth_month="2091-11")
    )
    assert response.status_code == 422
    assert "年月不能晚于本月" in response.text
    person.refresh_from_db()
    assert person.name == "单小明"


def test_a_move_closes_the_old_post_and_opens_the_new_one(cast, tree, person, signed_in):
    response = signed_in(cast.county).post(
        f"/cadres/{person.pk}/move/",
        {"unit": tree.dipu.pk, "title": "组织干事", "on": "2026-03-01"},
    )
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.unit, person.township) == (tree.dipu, tree.dipu)
    held = person.postings.values_list("unit__name", "title", "from_on", "to_on")
    assert list(held) == [
        ("递铺街道", "组织干事", dt.date(2026, 3, 1), None),
        ("上墅乡", "科员", None, dt.date(2026, 2, 28)),
    ]


def test_a_move_sent_twice_is_one_move(cast, tree, person, signed_in):
    client = signed_in(cast.county)
    data = {"unit": tree.dipu.pk, "title": "组织干事", "on": "2026-03-01"}
    posts = []
    for _ in range(2):
        assert client.post(f"/cadres/{person.pk}/move/", data).status_code == 302
        posts.append(set(Posting.objects.filter(cadre=person).values_list("pk", "to_on")))
    assert len(posts[0]) == 2
    assert posts[0] == posts[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"on": "2099-01-01"}, "日期不能晚于今天"),
        ({"unit": "here", "title": "科员"}, "单位和职务都没有变化"),
    ],
)
def test_an_impossible_move_is_refused(cast, tree, person, signed_in, changes, message):
    data = {"unit": tree.dipu.pk, "title": "干事", "on": "2026-03-01"} | changes
    if data["unit"] == "here":
        data["unit"] = tree.shangshu.pk
    response = signed_in(cast.county).post(f"/cadres/{person.pk}/move/", data)
    assert response.status_code == 422
    assert message in response.text
    assert person.postings.get().to_on is None


def test_nobody_is_moved_out_of_the_office_s_own_area(cast, tree, person, signed_in):
    response = signed_in(cast.township).post(
        f"/cadres/{person.pk}/move/", {"unit": tree.dipu.pk, "title": "", "on": "2026-03-01"}
    )
    assert response.status_code == 422
    person.refresh_from_db()
    assert person.unit == tree.shangshu


def test_who_leaves_stays_on_record_with_day_and_reason(cast, person, signed_in):
    client = signed_in(cast.township)
    data = {"on": "2026-02-28", "reason": "调往外省"}
    assert client.post(f"/cadres/{person.pk}/leave/", data).status_code == 302
    person.refresh_from_db()
    assert (person.left_on, person.left_reason) == (dt.date(2026, 2, 28), "调往外省")
    assert person.postings.get().to_on == dt.date(2026, 2, 28)
    assert "已于2026年2月28日离开：调往外省" in client.get(f"/cadres/{person.pk}/").text


def test_nothing_more_is_entered_for_who_has_left(cast, tree, person, signed_in):
    person.leave(on=dt.date(2026, 2, 28), reason="退休")
    client = signed_in(cast.township)
    sent = {"leave": {"on": "2026-03-01", "reason": "再次"},
            "move": {"unit": tree.liujiatang.pk, "on": "2026-03-01"},
            "account": {"username": "shanxiaoming"}}  # fmt: skip
    codes = [client.post(f"/cadres/{person.pk}/{verb}/", data).status_code
             for verb, data in sent.items()]  # fmt: skip
    assert codes == [409, 409, 409]
    person.refresh_from_db()
    assert (person.left_reason, person.unit, person.user) == ("退休", tree.shangshu, None)


def test_a_phone_number_is_masked_until_a_recorded_look(cast, person, signed_in):
    client = signed_in(cast.viewer)
    before = client.get(f"/cadres/{person.pk}/")
    assert "138****1234" in before.text
    assert "13800001234" not in before.text
    shown = client.post(f"/cadres/{person.pk}/phone/", headers={"HX-Request": "true"})
    assert "13800001234" in shown.text
    assert "<html" not in shown.text
    assert [look.by for look in person.phone_looks.all()] == [cast.viewer]


def test_the_person_sees_the_own_row_and_who_looked(cast, tree, person, signed_in):
    person.user = make_user(username="xiaoming", name="单小明")
    person.save()
    signed_in(cast.township).post(f"/cadres/{person.pk}/phone/")
    page = signed_in(person.user).get(f"/cadres/{person.pk}/")
    assert "13800001234" in page.text
    assert "上墅组织委员" in page.text
    assert "安吉县、上墅乡的组织部门" in page.text
    assert "德清" not in page.text
    assert "修改信息" not in page.text
    for verb in ("edit", "move", "leave", "account", "phone"):
        assert signed_in(person.user).post(f"/cadres/{person.pk}/{verb}/").status_code == 403


def test_a_coordinator_elsewhere_sees_the_own_row_and_keeps_nothing_of_it(cast, person, signed_in):
    person.user = cast.other_county
    person.save()
    client = signed_in(cast.other_county)
    assert client.get(f"/cadres/{person.pk}/").status_code == 200
    assert client.post(f"/cadres/{person.pk}/edit/", facts(person)).status_code == 403


def test_a_sign_in_is_opened_and_its_password_shown_once(cast, person, client, signed_in):
    make_user(username="shanxiaoming", name="别人")
    office = signed_in(cast.township)
    form = office.get(f"/cadres/{person.pk}/account/").context["form"]
    assert form["username"].value() == "shanxiaoming2"
    data = {"username": "shanxiaoming2", "client_key": str(uuid.uuid4())}
    first = office.post(f"/cadres/{person.pk}/account/", data)
    again = office.post(f"/cadres/{person.pk}/account/", data)
    user = User.objects.get(username="shanxiaoming2")
    assert first.context["password"] == again.context["password"]
    assert user.check_password(first.context["password"])
    assert (user.must_change_password, user.cadre) == (True, person)
    assert "no-store" in first.headers["Cache-Control"]
    later = office.post(
        f"/cadres/{person.pk}/account/", {"username": "another", "client_key": str(uuid.uuid4())}
    )
    assert later.status_code == 409
    assert not User.objects.filter(username="another").exists()
    assert first.context["password"] not in office.get(f"/cadres/{person.pk}/").text


def test_a_user_name_that_is_taken_is_refused(cast, person, signed_in):
    response = signed_in(cast.township).post(
        f"/cadres/{person.pk}/account/", {"username": "anji", "client_key": str(uuid.uuid4())}
    )
    assert response.status_code == 422
    person.refresh_from_db()
    assert person.user is None
