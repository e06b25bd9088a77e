"""Several visits of one day on one page: all or none, once, and nothing lost."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attachment, OpenMatter, Visit
from tests.activities.making import DAY, make_matter, make_visit, photo


@pytest.fixture
def address(cast):
    return reverse("activities:visit_day", args=[cast.pairing.pk])


def row(number, **fields):
    given = {"place_text": f"第{number}处", "visited": "household", "people_count": "1", **fields}
    return {f"visits-{number}-{name}": value for name, value in given.items()}


def empty(number):
    return row(number, place_text="", visited="")


def day(*rows, total=None, **fields):
    sent = {"happened_on": f"{timezone.localdate()}", "visits-INITIAL_FORMS": "0"}
    sent["visits-TOTAL_FORMS"] = f"{total or len(rows)}"
    for one in rows:
        sent |= one
    return sent | fields


def test_empty_rows_are_no_visits_and_each_has_its_own_photos(cast, signed_in, address):
    yesterday = timezone.localdate() - DAY
    sent = day(
        row(0, asked="路灯坏了", uploads=[photo(), photo()]),
        empty(1),
        row(2, visited="firm", people_count="3", is_with_mentor="on", done="已报修"),
        happened_on=f"{yesterday}",
    )
    response = signed_in(cast.mentee).post(address, sent)
    first, second = Visit.objects.order_by("pk")
    assert [(v.where, v.visited, v.people_count, v.is_with_mentor) for v in (first, second)] == [
        ("第0处", "household", 1, False),
        ("第2处", "firm", 3, True),
    ]
    assert {first.happened_on, second.happened_on} == {yesterday}
    assert (first.asked, second.done) == ("路灯坏了", "已报修")
    assert (first.files.count(), second.files.count()) == (2, 0)
    shown = signed_in(cast.mentor).get(response.url)
    assert shown.context["page"].rows == [second, first]


def test_one_visit_of_a_day_opens_that_visit(cast, signed_in, address):
    response = signed_in(cast.mentee).post(address, day(empty(0), row(1), empty(2)))
    visit = Visit.objects.get()
    assert response.url == reverse("activities:visit_detail", args=[visit.pk])


def test_a_form_sent_twice_makes_its_visits_once(cast, signed_in, address):
    client, key = signed_in(cast.mentee), uuid.uuid4()
    sent = [
        day(row(0, left_open="路灯\n水管"), row(1, uploads=[photo()]), client_key=key)
        for _ in range(2)
    ]
    first, again = (client.post(address, one) for one in sent)
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert (Visit.objects.count(), Attachment.objects.count()) == (2, 1)
    assert OpenMatter.objects.count() == 2


def test_a_wrong_row_says_why_beside_its_field_and_nothing_is_lost(cast, signed_in, address):
    sent = day(row(0, asked="路灯坏了"), row(1, visited="", done="答复"), row(2, people_count="0"))
    response = signed_in(cast.mentee).post(address, sent)
    assert response.status_code == 422
    assert [list(found) for found in response.context["rows"].errors] == [
        [],
        ["visited"],
        ["people_count"],
    ]
    assert "路灯坏了" in response.text
    assert "答复" in response.text
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"happened_on": f"{timezone.localdate() + DAY}"}, "日期不能晚于今天。"),
        ({"happened_on": "2026-02-28"}, "结对自 2026-03-01 开始"),
        ({"visits-0-place_text": "", "visits-0-visited": ""}, "请至少填写一处走访。"),
    ],
)
def test_a_wrong_day_and_a_day_of_nothing_are_refused(cast, signed_in, address, changes, sentence):
    response = signed_in(cast.mentee).post(address, day(row(0)) | changes)
    assert response.status_code == 422
    assert sentence in response.text
    assert Visit.objects.count() == 0


def test_a_bad_photo_of_one_row_keeps_all_out_and_says_so(cast, signed_in, address):
    bad = photo("网页.jpg")
    bad.file.write(b"<html>" * 90)
    bad.file.seek(0)
    sent = day(row(0, uploads=[photo()]), row(1, uploads=[bad], asked="路灯坏了"))
    response = signed_in(cast.mentee).post(address, sent)
    assert response.status_code == 422
    lost = "内容尚未保存，文件需要重新选择。"
    assert [lost in found["uploads"] for found in response.context["rows"].errors] == [True, True]
    assert "路灯坏了" in response.text
    assert (Visit.objects.count(), Attachment.objects.count()) == (0, 0)


def test_more_rows_without_scripts_keep_what_was_typed(cast, signed_in, address):
    page = signed_in(cast.mentee).get(address)
    assert len(page.context["rows"].forms) == 3
    page = signed_in(cast.mentee).post(address, day(row(0, asked="路灯坏了"), total=3, more="1"))
    assert (page.status_code, len(page.context["rows"].forms)) == (200, 6)
    assert "路灯坏了" in page.text
    assert Visit.objects.count() == 0


def test_one_more_row_comes_alone_and_no_more_than_twelve(cast, signed_in, address):
    client = signed_in(cast.mentee)
    more = {"more": "1", "visits-TOTAL_FORMS": "3"}
    part = client.get(address, more, headers={"HX-Request": "true"})
    assert 'name="visits-3-place_text"' in part.text
    assert 'name="visits-2-place_text"' not in part.text
    assert 'id="id_visits-TOTAL_FORMS" value="4"' in " ".join(part.text.split())
    last = client.get(address, more | {"visits-TOTAL_FORMS": "12"})
    assert "place_text" not in last.text
    assert "一页最多填写 12 处" in last.text
    assert client.get(address, more | {"visits-TOTAL_FORMS": "13"}).status_code == 404
    assert client.get(address, more | {"visits-TOTAL_FORMS": "x"}).status_code == 404


def test_a_matter_is_settled_by_the_visit_to_its_place(cast, signed_in, address):
    raised = make_visit(pairing=cast.pairing, place_text="第1处", happened_on=cast.pairing.from_on)
    matter, other = make_matter(in_=raised), make_matter(in_=raised, text="水管漏水")
    ticks = {f"settled_{matter.pk}": "on", f"note_{matter.pk}": "已换灯"}
    sent = day(row(0), row(1), **ticks, **{f"settled_{other.pk}": "on"})
    response = signed_in(cast.mentee).post(address, sent)
    assert (response.status_code, Visit.objects.count()) == (422, 1)
    assert list(response.context["form"].errors) == [f"note_{other.pk}"]
    sent[f"note_{other.pk}"] = "已修"
    assert signed_in(cast.mentee).post(address, sent).status_code == 302
    matter.refresh_from_db()
    assert (matter.closed_in.where, matter.closed_note) == ("第1处", "已换灯")
    assert not OpenMatter.objects.open().exists()


@pytest.mark.parametrize("who", ["mentor", "viewer"])
def test_who_logs_no_visit_has_no_such_page(cast, signed_in, address, who):
    client = signed_in(getattr(cast, who))
    assert client.get(address).status_code == 403
    assert client.post(address, day(row(0))).status_code == 403
    assert Visit.objects.count() == 0


def test_a_suspended_pair_takes_none(cast, signed_in, address):
    cast.pairing.move("suspend", by=cast.county, reason="借调")
    assert signed_in(cast.mentee).get(address).status_code == 409
    assert signed_in(cast.mentee).post(address, day(row(0))).status_code == 409
    assert Visit.objects.count() == 0


def test_it_asks_as_much_for_three_places_and_matters_as_for_one(
    cast, signed_in, address, tree, django_assert_num_queries
):
    client = signed_in(cast.mentee)
    for count in (1, 2):
        for _ in range(count):
            make_matter(in_=make_visit(pairing=cast.pairing, place=tree.liujiatang))
        with django_assert_num_queries(8):
            client.get(address)
