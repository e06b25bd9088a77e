"""Which column is what: shown as proposed, corrected, remembered for the unit."""

from __future__ import annotations

import copy

import pytest

from rosters.models import KnownHeading
from rosters.states import State
from tests.cadres.sheets import xlsx
from tests.rosters.making import HEADINGS, MAPPING, make_batch

GIVEN = {
    "read-0": "on",
    "rows-0": "2",
    "column-0-0": "mentor_name",
    "column-0-1": "mentor_unit",
    "column-0-2": "mentee_name",
    "column-0-3": "mentee_unit",
    "column-0-4": "from_on",
    "column-0-5": "",
}
LINE = ("周师傅", "上墅乡", "郑徒弟", "上墅乡", "2026-03-01", "")


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast.county)


def waiting(cast, tree, mapping=MAPPING):
    content = xlsx(("安吉县结对情况",), HEADINGS, LINE)
    state = State.MAPPING
    return make_batch(unit=tree.anji, by=cast.county, state=state, mapping=mapping, content=content)


def test_the_page_shows_headings_with_samples_and_what_they_were_taken_for(cast, tree, office):
    batch = waiting(cast, tree)
    response = office.get(f"/rosters/{batch.pk}/", follow=True)
    assert response.redirect_chain == [(f"/rosters/{batch.pk}/columns/", 302)]
    form = response.context["form"]
    shown = [(str(form.fields[name].label), form[name].initial) for name in [*GIVEN][2:]]
    fields = ["mentor_name", "mentor_unit", "mentee_name", "mentee_unit", "", "remark"]
    assert shown == list(zip(HEADINGS, fields, strict=True))
    assert "例：周师傅" in response.text


def test_a_file_cannot_smuggle_markup_or_template_code_into_the_page(cast, tree, office):
    mapping = copy.deepcopy(MAPPING)
    sheet = mapping["sheets"][0]
    sheet["name"] = sheet["columns"][0]["heading"] = "{{ batch.pk }}<script>x"
    sheet["samples"] = [["{% now 'Y' %}<script>y"]]
    batch = waiting(cast, tree, mapping)
    text = office.get(f"/rosters/{batch.pk}/columns/").text
    assert "<script>x" not in text
    assert "<script>y" not in text
    assert text.count("{{ batch.pk }}&lt;script&gt;x") >= 2
    assert "{% now &#x27;Y&#x27; %}&lt;script&gt;y" in text


def test_confirmed_columns_are_checked_and_the_correction_is_remembered(cast, tree, office):
    batch = waiting(cast, tree)
    assert office.post(f"/rosters/{batch.pk}/columns/", GIVEN).url == f"/rosters/{batch.pk}/"
    batch.refresh_from_db()
    fields = [column["field"] for column in batch.mapping["sheets"][0]["columns"]]
    assert (batch.state, fields) == (State.CHECKING, [*GIVEN.values()][2:])
    known = KnownHeading.objects.values_list("unit", "kind", "text", "field")
    assert {*known} == {
        (tree.anji.pk, "pairings", "何时结的对", "from_on"),
        (tree.anji.pk, "pairings", "备注", ""),
    }


@pytest.mark.parametrize(
    ("changed", "where", "sentence"),
    [
        ({"column-0-4": ""}, "__all__", "工作表“结对表”中没有选定这些列：开始日期。"),
        ({"column-0-5": "mentor_name"}, "column-0-5", "已对应到“导师”列，同一项只能选一列。"),
        ({"column-0-5": "horse"}, "column-0-5", "选择一个有效的选项。 horse 不在可用的选项中。"),
        ({"rows-0": "x"}, "rows-0", "请填表头在工作表中的行号，如 3；两行表头填 3-4。"),
        ({"rows-0": "9-2"}, "rows-0", "请填表头在工作表中的行号，如 3；两行表头填 3-4。"),
        ({"read-0": ""}, "__all__", "没有选择工作表。请勾选名单所在的工作表。"),
    ],
)
def test_columns_that_cannot_be_are_said_and_nothing_is_lost(
    cast, tree, office, changed, where, sentence
):
    batch = waiting(cast, tree)
    response = office.post(f"/rosters/{batch.pk}/columns/", GIVEN | changed)
    assert response.status_code == 422
    assert response.context["form"].errors[where] == [sentence]
    assert response.context["form"]["column-0-0"].value() == "mentor_name"
    batch.refresh_from_db()
    assert (batch.state, KnownHeading.objects.count()) == (State.MAPPING, 0)


def test_headings_that_stand_elsewhere_are_read_again(cast, tree, office):
    wrong = copy.deepcopy(MAPPING)
    wrong["sheets"][0] |= {"header": [1, 1], "columns": [], "samples": []}
    batch = waiting(cast, tree, wrong)
    given = {"read-0": "on", "rows-0": "2"}
    response = office.post(f"/rosters/{batch.pk}/columns/", given, follow=True)
    assert "已按新的表头重新识别" in response.text
    batch.refresh_from_db()
    [sheet] = batch.mapping["sheets"]
    assert (batch.state, sheet["header"]) == (State.MAPPING, [2, 2])
    assert [column["heading"] for column in sheet["columns"]] == [*HEADINGS]


def test_sheets_with_the_same_headings_are_asked_about_once(cast, tree, office):
    second = {**copy.deepcopy(MAPPING["sheets"][0]), "at": 1, "name": "递铺街道"}
    batch = waiting(cast, tree, {"sheets": [*MAPPING["sheets"], second], "doubts": []})
    given = {**GIVEN, "read-1": "on", "rows-1": "2"}
    assert office.post(f"/rosters/{batch.pk}/columns/", given).status_code == 302
    batch.refresh_from_db()
    for sheet in batch.mapping["sheets"]:
        assert [column["field"] for column in sheet["columns"]][4] == "from_on"


def test_columns_confirmed_twice_are_settled(cast, tree, office):
    batch = waiting(cast, tree)
    office.post(f"/rosters/{batch.pk}/columns/", GIVEN)
    again = office.post(f"/rosters/{batch.pk}/columns/", GIVEN)
    assert again.status_code == 409
    assert "没有重复执行" in again.text


def test_from_the_report_back_to_the_columns(cast, tree, office):
    batch = make_batch(unit=tree.anji, by=cast.county, mapping=MAPPING)
    response = office.post(f"/rosters/{batch.pk}/columns/again/")
    assert response.url == f"/rosters/{batch.pk}/columns/"
    assert office.get(response.url).status_code == 200
