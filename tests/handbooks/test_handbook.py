from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Export
from activities.models import Session
from core.glyphs import MissingGlyph
from handbooks import rendering
from handbooks.gathering import gather
from plans.models import Plan, PlanStep
from tests.activities.making import make_assignment, make_session, make_visit
from tests.plans.made import make_agreed

TODAY = dt.date(2026, 11, 23)


def text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def address(pairing):
    return reverse("handbooks:make", args=[pairing.pk])


def test_a_pair_without_records_has_an_honest_short_handbook(cast):
    pdf = rendering.render(gather(cast.pairing, cast.mentee, TODAY))
    text = text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert "没有约定的培养计划。" in text
    assert "还没有帮带记录。" in text
    assert cast.pairing.mentee.name in text


def test_records_stand_by_month_in_their_order(cast):
    make_session(pairing=cast.pairing, happened_on=dt.date(2026, 6, 2), content="一同\n走流程")
    make_visit(pairing=cast.pairing, happened_on=dt.date(2026, 5, 3), people_count=4)
    make_assignment(pairing=cast.pairing, due_on=dt.date(2026, 6, 9))
    months = gather(cast.pairing, cast.mentee, TODAY)["months"]
    assert [month["month"] for month in months] == ["2026年5月", "2026年6月"]
    assert [entry["title"][:7] for entry in months[1]["entries"]] == [
        "6月2日　帮带",
        "6月9日　作业",
    ]
    assert months[1]["entries"][0]["lines"] == ["内容：一同", "走流程"]


def test_a_sign_that_no_font_draws_stands_as_a_geta_but_a_name_stops_the_printing(cast):
    make_session(pairing=cast.pairing, content="好\ue123")
    facts = gather(cast.pairing, cast.mentee, TODAY)
    assert "好〓" in text_of(rendering.render(facts))
    with pytest.raises(MissingGlyph):
        rendering.render({**facts, "mentee": "马\ue123"})


def test_queries_do_not_grow_with_the_records(cast):
    gather(cast.pairing, cast.county, TODAY)  # what a process asks once
    for wanted in (1, 3):
        while Session.objects.count() < wanted:
            make_session(pairing=cast.pairing)
            make_visit(pairing=cast.pairing)
            make_assignment(pairing=cast.pairing)
        with CaptureQueriesContext(connection) as asked:
            gather(cast.pairing, cast.county, TODAY)
        assert len(asked) == 11


def test_one_of_the_two_takes_it_without_a_purpose(client, cast):
    client.force_login(cast.mentee)
    response = client.post(address(cast.pairing))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert Export.objects.count() == 0


def test_an_office_says_what_for_and_it_stands_on_record(client, cast):
    client.force_login(cast.county)
    assert client.post(address(cast.pairing)).status_code == 422
    assert Export.objects.count() == 0
    response = client.post(address(cast.pairing), {"purpose": "年度考核备案"})
    assert response["Content-Type"] == "application/pdf"
    export = Export.objects.get()
    assert (export.by, export.format, export.purpose) == (cast.county, "pdf", "年度考核备案")
    assert cast.pairing.mentee.name not in export.filters + export.columns + export.scope


def test_another_county_finds_nothing(client, cast):
    client.force_login(cast.other_county)
    response = client.post(address(cast.pairing), {"purpose": "年度考核备案"})
    assert response.status_code == 404
    assert cast.pairing.mentee.name not in response.content.decode()


def test_a_leader_reads_the_pair_and_takes_no_handbook_of_it(signed_in, cast):
    client = signed_in(cast.viewer)
    assert client.get(reverse("pairings:detail", args=[cast.pairing.pk])).status_code == 200
    assert client.get(address(cast.pairing)).status_code == 403
    assert client.post(address(cast.pairing), {"purpose": "调研备查用"}).status_code == 403


def test_while_a_plan_is_changed_the_last_agreed_words_are_printed(cast):
    plan = make_agreed(cast, steps=1)
    Plan.objects.filter(pk=plan.pk).update(state="draft", goals="尚未同意的目标")
    PlanStep.objects.filter(plan=plan).update(text="尚未同意的一步")
    (printed,) = gather(cast.pairing, cast.mentee, TODAY)["plans"]
    assert "尚未同意" not in str(printed)
    assert [step.split("　")[1] for step in printed["steps"]] == ["走村0"]
