import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.forms import VisitForm
from activities.models import Attachment, Visit
from pairings.models import Pairing
from tests.activities.making import DAY, make_visit, photo
from tests.factories import make_unit


@pytest.fixture
def address(cast):
    return reverse("activities:visit_create", args=[cast.pairing.pk])


def form(**changes):
    return {
        "place_text": "溪边茶园",
        "visited": "household",
        "people_count": "1",
        "happened_on": f"{timezone.localdate()}",
        **changes,
    }


def test_a_mentee_logs_a_visit_with_place_and_kind_alone(cast, signed_in, address):
    response = signed_in(cast.mentee).post(address, form())
    visit = Visit.objects.get()
    assert (response.status_code, response.url) == (
        302,
        reverse("activities:visit_detail", args=[visit.pk]),
    )
    assert (visit.where, visit.visited, visit.people_count) == ("溪边茶园", "household", 1)
    assert (visit.created_by, visit.is_on_behalf) == (cast.mentee, False)
    assert (visit.unit, visit.county) == (cast.pairing.unit, cast.pairing.county)
    shown = signed_in(cast.mentor).get(response.url)
    assert "溪边茶园" in shown.text


def test_only_place_and_kind_must_be_chosen_all_else_has_a_default(cast):
    form = VisitForm(instance=Visit(pairing=cast.pairing), user=cast.mentee)
    required = [name for name, field in form.fields.items() if field.required]
    blank = [name for name in required if not form[name].value()]
    assert blank == ["visited"]
    assert not form.fields["uploads"].required
    assert set(form.fields) == {
        "place", "place_text", "visited", "people_count", "happened_on", "is_with_mentor",
        "asked", "done", "left_open", "uploads", "client_key",
    }  # fmt: skip


def test_the_page_asks_for_no_location_and_does_not_force_the_camera(cast, signed_in, address):
    page = signed_in(cast.mentee).get(address)
    assert page.status_code == 200
    for word in ("geolocation", "latitude", "capture="):
        assert word not in page.text
    assert 'type="file"' in page.text
    assert "请勿填写群众姓名" in page.text


def test_a_village_of_the_township_is_a_tap_away_and_can_be_chosen(cast, tree, signed_in, address):
    make_unit(name="邻县的村", kind="village", parent=tree.yuyue)
    page = signed_in(cast.mentee).get(address)
    assert "刘家塘村" in page.text
    assert "邻县的村" not in page.text
    signed_in(cast.mentee).post(address, form(place=tree.liujiatang.pk, place_text=""))
    assert Visit.objects.get().where == "刘家塘村"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place_text": ""}, "请说明地点：选择单位或填写地名。"),
        ({"visited": ""}, "这个字段是必填项。"),
        ({"people_count": "0"}, "至少为 1。"),
        ({"happened_on": f"{timezone.localdate() + DAY}"}, "日期不能晚于今天。"),
        ({"happened_on": "2026-02-28"}, "结对自 2026-03-01 开始"),
        ({"place": "999999"}, "请从列表中选择单位。"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_what_was_typed(
    cast, signed_in, address, changes, sentence
):
    response = signed_in(cast.mentee).post(address, form(asked="路灯坏了", **changes))
    assert response.status_code == 422
    assert sentence in response.text
    assert "路灯坏了" in response.text
    assert Visit.objects.count() == 0


def test_numbers_of_villagers_are_masked_when_saved(cast, signed_in, address):
    text = "电话13812345678，身份证330523199001011234，共12户2026年"
    signed_in(cast.mentee).post(address, form(asked=text, done=text, place_text="找 138 1234 5678"))
    visit = Visit.objects.get()
    masked = "电话138******78，身份证330*************34，共12户2026年"
    assert (visit.asked, visit.done, visit.place_text) == (masked, masked, "找 138******78")


def test_a_form_sent_twice_makes_one_visit_with_its_photos_once(cast, signed_in, address):
    client, key = signed_in(cast.mentee), uuid.uuid4()
    first = client.post(address, form(client_key=key, uploads=[photo(), photo()]))
    again = client.post(address, form(client_key=key, uploads=[photo(), photo()]))
    assert again.url == first.url
    assert (Visit.objects.count(), Attachment.objects.count()) == (1, 2)


def test_the_office_enters_on_behalf_and_it_is_said(cast, signed_in, address):
    response = signed_in(cast.township).post(address, form())
    visit = Visit.objects.get()
    assert (visit.is_on_behalf, visit.created_by) == (True, cast.township)
    assert "代录" in signed_in(cast.mentee).get(response.url).text


def test_a_mentor_and_a_leader_do_not_log_the_mentees_visits(cast, signed_in, address):
    for user in (cast.mentor, cast.viewer):
        assert signed_in(user).get(address).status_code == 403
        assert signed_in(user).post(address, form()).status_code == 403
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("kind", ["visit", "session", "assignment"])
@pytest.mark.parametrize("state", ["suspended", "completed", "terminated", "agreed"])
def test_a_pair_that_is_not_active_takes_no_record(cast, signed_in, kind, state):
    ended = dt.date(2026, 11, 1) if state in {"completed", "terminated"} else None
    Pairing.objects.update(state=state, ended_on=ended)
    address = reverse(f"activities:{kind}_create", args=[cast.pairing.pk])
    for response in (
        signed_in(cast.township).get(address),
        signed_in(cast.township).post(address, form(topic="题", title="题", method="case")),
    ):
        assert response.status_code == 409
        assert "现在不能录入记录" in response.text
    assert Visit.objects.count() == 0


def test_a_visit_keeps_a_bad_photo_out_and_the_text_in(cast, signed_in, address):
    bad = photo("网页.jpg")
    bad.file.seek(0)
    bad.file.truncate()
    bad.file.write(b"<html><script>alert(1)</script></html>")
    bad.file.seek(0)
    bad.size = 38
    response = signed_in(cast.mentee).post(address, form(asked="路灯坏了", uploads=[photo(), bad]))
    assert response.status_code == 422
    assert "“网页.jpg”未能上传：不是图片，请选择 JPG、PNG 或 WebP。" in response.text
    assert "内容尚未保存，文件需要重新选择。" in response.text
    assert "路灯坏了" in response.text
    assert (Visit.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_recent_place_comes_first(cast, tree, signed_in, address):
    far = make_unit(name="远处的村", kind="village", parent=tree.yuyue)
    make_visit(pairing=cast.pairing, place=far)
    page = signed_in(cast.mentee).get(address).text
    assert page.index("远处的村") < page.index("刘家塘村")


def test_from_a_page_of_paper_the_day_is_asked(cast, signed_in, address):
    client = signed_in(cast.mentee)
    assert client.get(address).context["form"]["happened_on"].value() == timezone.localdate()
    assert client.get(f"{address}?month=2026-10").context["form"]["happened_on"].value() is None
