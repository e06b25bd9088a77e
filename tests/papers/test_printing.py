from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Export
from core.glyphs import MissingGlyph
from pairings.models import Pairing
from pairings.states import State
from papers import codes, printing
from papers.codes import Code
from plans.models import PlanStep
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.papers.made import MONTH
from tests.plans.made import make_agreed

PURPOSE = "手写本月记录"


def texts(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def pair(tree, number, unit=None):
    unit = unit or tree.shangshu
    mentor = make_mentor(cadre=make_cadre(unit=unit, name=f"师{number}"))
    return make_pairing(mentor=mentor, mentee=make_cadre(unit=unit, name=f"徒{number}"))


def test_a_sheet_is_two_pages_with_their_codes_and_the_steps_of_the_month(cast):
    plan = make_agreed(cast, steps=1)
    PlanStep.objects.filter(plan=plan).update(month=MONTH, text="走访二十户")
    first, second = texts(printing.render(printing.sheets([cast.pairing], MONTH)))
    assert "2026年5月" in first
    assert "走访二十户" in first
    assert "马徒弟" in second
    for number, text in enumerate((first, second), start=1):
        code = codes.spaced(codes.text_of(Code(cast.pairing.pk, MONTH, number)))
        assert code.replace(" ", "") in "".join(text.split())


def test_long_plans_and_names_stay_within_two_pages(cast, tree):
    plan = make_agreed(cast, steps=1)
    PlanStep.objects.filter(plan=plan).update(month=MONTH, text="长" * 300)
    for _number in range(8):
        PlanStep.objects.create(plan=plan, month=MONTH, text="长" * 300)
    sheet = printing.sheets([cast.pairing], MONTH)[0]
    sheet |= {"mentor": "阿卜杜热西提·买买提" * 2, "mentee": "阿卜杜热西提·买买提" * 2}
    pages = texts(printing.render([sheet, sheet]))
    assert len(pages) == 4
    assert "其余见培养计划" in pages[0]


def test_a_step_not_agreed_yet_is_not_printed(cast):
    plan = make_agreed(cast, steps=1)
    PlanStep.objects.filter(plan=plan).update(month=MONTH, text="尚未同意的一步")
    type(plan).objects.filter(pk=plan.pk).update(state="draft")
    assert printing.sheets([cast.pairing], MONTH)[0]["steps"] == []


def test_a_sign_that_no_font_draws_stands_as_a_geta_but_a_name_stops_the_printing(cast):
    (sheet,) = printing.sheets([cast.pairing], MONTH)
    assert "好〓" in texts(printing.render([{**sheet, "steps": ["好\ue123"]}]))[0]
    with pytest.raises(MissingGlyph):
        printing.render([{**sheet, "mentee": "马\ue123"}])


def test_queries_do_not_grow_with_the_pairs(cast, tree):
    pair(tree, 1), pair(tree, 2)
    pairs = list(Pairing.objects.for_list())
    for wanted in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            printing.sheets(pairs[:wanted], MONTH)
        assert len(asked) == 1


def test_the_two_print_without_a_purpose_and_an_office_with_one(signed_in, cast):
    address = reverse("papers:print_month", args=[cast.pairing.pk])
    assert signed_in(cast.mentee).get(address).status_code == 200
    response = signed_in(cast.mentee).post(address, {"month": "2026.05"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert Export.objects.count() == 0
    client = signed_in(cast.county)
    assert client.post(address, {"month": "2026.05"}).status_code == 422
    given = {"month": "2026.05", "purpose": PURPOSE}
    assert client.post(address, given)["Content-Type"] == "application/pdf"
    export = Export.objects.get()
    assert (export.by, export.rows, export.purpose) == (cast.county, 1, PURPOSE)
    assert "马徒弟" not in export.filters + export.columns + export.scope
    assert signed_in(cast.viewer).post(address, given).status_code == 403


@pytest.mark.parametrize("month", ["", "五月", "1985.05", "2999.01"])
def test_a_month_that_cannot_be_is_said_beside_the_field(signed_in, cast, month):
    address = reverse("papers:print_month", args=[cast.pairing.pk])
    response = signed_in(cast.mentee).post(address, {"month": month})
    assert response.status_code == 422
    assert 'id="error_1_id_month"' in response.text


def test_a_unit_prints_its_active_pairs_and_no_others(signed_in, cast, tree):
    pair(tree, 1)
    pair(tree, 2, tree.dipu)
    pair(tree, 3, tree.yuyue)
    resting = pair(tree, 4)
    Pairing.objects.filter(pk=resting.pk).update(state=State.SUSPENDED)
    given = {"unit": tree.shangshu.pk, "month": "2026.05", "purpose": PURPOSE}
    pdf = signed_in(cast.county).post(reverse("papers:print_unit"), given).content
    pages = texts(pdf)
    assert [("马徒弟" in text, "徒1" in text) for text in pages] == [
        (True, False), (True, False), (False, True), (False, True),
    ]  # fmt: skip
    assert Export.objects.get().rows == 2


def test_another_county_s_unit_is_no_choice(signed_in, cast, tree):
    given = {"unit": tree.shangshu.pk, "month": "2026.05", "purpose": PURPOSE}
    response = signed_in(cast.other_county).post(reverse("papers:print_unit"), given)
    assert response.status_code == 422
    assert "褚师傅" not in response.text
    assert signed_in(cast.mentee).get(reverse("papers:print_unit")).status_code == 403


def test_too_many_pages_are_refused_with_the_way_to_narrow(signed_in, cast, tree, monkeypatch):
    monkeypatch.setattr(printing, "MOST_PAGES", 2)
    pair(tree, 1)
    given = {"unit": tree.anji.pk, "month": "2026.05", "purpose": PURPOSE}
    response = signed_in(cast.county).post(reverse("papers:print_unit"), given)
    assert response.status_code == 422
    assert "2 对" in response.text
    assert "4 页" in response.text
    assert Export.objects.count() == 0
