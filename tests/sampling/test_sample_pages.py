from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Session
from sampling.findings import find
from sampling.models import Finding, Sample, SampleEvent, StaleMove
from tests.activities.making import make_assignment, make_session, make_visit
from tests.sampling.made import make_sample

DAY = dt.date(2026, 6, 1)


@pytest.fixture
def sample(cast):
    for topic in ("村务公开怎么做", "调解怎么开口", "项目怎么跑"):
        make_session(pairing=cast.pairing, happened_on=DAY, topic=topic, content="一同走了流程")
    return make_sample(unit=cast.pairing.county, by=cast.county, kinds=["session"])


def question(tree, **given):
    return {
        "unit": tree.anji.pk, "first_on": "2026-06-01", "last_on": "2026-06-30",
        "kinds": ["session"], "wanted": "2", "percent": "", "seed": "42",
        "client_key": str(uuid.uuid4()), **given,
    }  # fmt: skip


def test_a_coordinator_draws_a_sample_and_reads_what_it_is_a_sample_of(
    cast, tree, sample, signed_in
):
    client = signed_in(cast.county)
    form = client.get("/samples/new/").context["form"]
    assert len(form["seed"].value()) == 8
    response = client.post("/samples/new/", question(tree), follow=True)
    made = Sample.objects.latest("pk")
    assert (made.population, made.size, made.seed, made.created_by) == (3, 2, "42", cast.county)
    assert response.redirect_chain == [(f"/samples/{made.pk}/", 302)]
    assert "66.67" in response.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"wanted": "", "percent": ""}, "percent"),
        ({"percent": "5"}, "percent"),
        ({"wanted": "0"}, "wanted"),
        ({"wanted": "", "percent": "100.01"}, "percent"),
        ({"last_on": "2026-05-31"}, "last_on"),
        ({"first_on": "2020-01-01"}, "last_on"),
        ({"first_on": "2026-07-01", "last_on": "2026-07-02"}, "last_on"),
        ({"kinds": []}, "kinds"),
        ({"seed": " "}, "seed"),
    ],
)
def test_a_bad_question_is_answered_beside_its_field(cast, tree, sample, signed_in, given, field):
    response = signed_in(cast.county).post("/samples/new/", question(tree, **given))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Sample.objects.count() == 1


def test_another_unit_is_no_choice_and_a_leader_draws_nothing(cast, tree, sample, signed_in):
    sent = question(tree, unit=tree.anji.pk)
    assert signed_in(cast.other_county).post("/samples/new/", sent).status_code == 422
    assert signed_in(cast.viewer).post("/samples/new/", sent).status_code == 403
    assert signed_in(cast.mentor).get("/samples/").status_code == 403
    assert Sample.objects.count() == 1


def test_who_sees_which_samples(cast, tree, sample, signed_in):
    of_township = make_sample(unit=tree.shangshu, by=cast.township, kinds=["session"])
    lists = {
        user.username: [row.pk for row in signed_in(user).get("/samples/").context["page"].rows]
        for user in (cast.county, cast.viewer, cast.township, cast.sibling, cast.other_county)
    }
    both = [of_township.pk, sample.pk]
    assert lists == {
        "anji": both, "leader": both, "shangshu": [of_township.pk], "dipu": [], "deqing": [],
    }  # fmt: skip


def test_a_finding_leads_to_the_next_record_and_is_masked(cast, sample, signed_in):
    client = signed_in(cast.county)
    sent = {"verdict": "ask", "note": "问 13812345678", "client_key": str(uuid.uuid4())}
    for _twice in range(2):
        response = client.post(f"/samples/{sample.pk}/records/1/", sent)
        assert response.url == f"/samples/{sample.pk}/records/2/"
    found = Finding.objects.get()
    assert (found.verdict, found.note, found.created_by) == ("ask", "问 138******78", cast.county)
    page = client.get(f"/samples/{sample.pk}/")
    assert [(code, n) for code, _label, n in page.context["counts"]] == [
        ("fine", 0), ("ask", 1), ("talk", 0), ("", 2),
    ]  # fmt: skip
    assert [item.verdict for item in page.context["items"]] == ["ask", None, None]


def test_a_changed_finding_keeps_the_earlier_one(cast, sample, signed_in):
    client, address = signed_in(cast.county), f"/samples/{sample.pk}/records/3/"
    client.post(address, {"verdict": "ask", "note": "时间"})
    assert client.get(address).context["form"].initial == {"verdict": "ask", "note": "时间"}
    client.post(address, {"verdict": "fine", "note": ""})
    kept = Finding.objects.order_by("pk").values_list("verdict", "note")
    assert list(kept) == [("ask", "时间"), ("fine", "")]
    assert sample.items.with_verdict().get(position=3).verdict == "fine"
    assert client.post(address, {"verdict": "best"}).status_code == 422


def test_a_closed_sample_takes_no_finding(cast, sample, signed_in):
    client = signed_in(cast.county)
    assert signed_in(cast.viewer).post(f"/samples/{sample.pk}/close/").status_code == 403
    assert "3" in client.get(f"/samples/{sample.pk}/close/").text
    assert client.post(f"/samples/{sample.pk}/close/").status_code == 302
    assert client.post(f"/samples/{sample.pk}/close/").status_code == 409
    address = f"/samples/{sample.pk}/records/1/"
    assert client.post(address, {"verdict": "fine"}).status_code == 409
    assert client.get(address).context["may_find"] is False
    with pytest.raises(StaleMove):
        find(sample.items.first(), verdict="fine", note="", by=cast.county, key=None)
    assert not Finding.objects.exists()
    assert list(SampleEvent.objects.values_list("verb", flat=True)) == ["draw", "close"]


def test_a_leader_reads_and_finds_nothing(cast, sample, signed_in):
    client, address = signed_in(cast.viewer), f"/samples/{sample.pk}/records/1/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"verdict": "fine"}).status_code == 403
    assert not Finding.objects.exists()


def test_a_record_that_moved_away_stays_without_content(cast, tree, sample, signed_in):
    """The pair and its records stand in the other county now, as after a move of their unit."""
    find(sample.items.get(position=1), verdict="ask", note="秘密", by=cast.county, key=None)
    gone = sample.items.get(position=1).session
    Session.objects.filter(pk=gone.pk).update(unit=tree.yuyue)
    assert signed_in(cast.county).get(f"/samples/{sample.pk}/").text.count(gone.topic) == 1
    type(cast.pairing).objects.update(unit=tree.yuyue)
    for page in ("", "print/", "records/1/"):
        text = signed_in(cast.county).get(f"/samples/{sample.pk}/{page}").text
        assert "其他单位" in text
        assert [word for word in (gone.topic, "秘密", "一同走了流程") if word in text] == []
    response = signed_in(cast.county).post(f"/samples/{sample.pk}/records/1/", {"verdict": "fine"})
    assert response.status_code == 409
    assert Sample.objects.get().items.count() == 3


def test_the_page_of_a_record_shows_its_kind(cast, signed_in):
    make_visit(pairing=cast.pairing, happened_on=DAY, asked="路灯坏了", done="已报修")
    make_assignment(pairing=cast.pairing, due_on=DAY, title="写一份报告", body="两页")
    sample = make_sample(unit=cast.pairing.county, by=cast.county, kinds=["visit", "assignment"])
    texts = [
        signed_in(cast.county).get(f"/samples/{sample.pk}/records/{at}/").text for at in (1, 2)
    ]
    assert sorted("路灯坏了" in text and "已报修" in text for text in texts) == [False, True]
    assert sorted("写一份报告" in text and "两页" in text for text in texts) == [False, True]
    assert signed_in(cast.county).get(f"/samples/{sample.pk}/records/3/").status_code == 404


@pytest.mark.parametrize("page", ["", "print/"])
def test_a_page_costs_the_same_whether_it_has_one_record_or_three(cast, sample, signed_in, page):
    one = make_sample(unit=sample.unit, by=cast.county, kinds=["session"], wanted=1)
    client = signed_in(cast.county)
    costs = []
    for row in (one, sample):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/samples/{row.pk}/{page}").status_code == 200
        costs.append(len(queries))
    assert costs == [11, 11] if page == "" else costs == [9, 9]


def test_the_list_costs_the_same_for_one_sample_and_three(
    cast, sample, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county)
    with django_assert_num_queries(5):
        client.get("/samples/")
    for _more in range(2):
        make_sample(unit=sample.unit, by=cast.county, kinds=["session"])
    with django_assert_num_queries(5):
        assert len(client.get("/samples/").context["page"].rows) == 3
