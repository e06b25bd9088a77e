"""The report of a checked roster: what came of each row, what is asked, what may be done."""

from __future__ import annotations

import uuid

import pytest

from rosters.models import BatchRow, Job
from rosters.states import Outcome, State
from tests.rosters.making import MAPPING, make_batch, make_row


@pytest.fixture
def batch(cast, tree):
    return make_batch(unit=tree.anji, by=cast.county, mapping=MAPPING)


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast.county)


def page(client, batch, **asked):
    return client.get(f"/rosters/{batch.pk}/", asked)


def names(response) -> list[str]:
    return [line.row.name for line in response.context["lines"]]


def test_counts_stand_above_and_rows_below_by_outcome(batch, office):
    for number, outcome in enumerate(("new", "new", "changed", "same", "wrong"), 3):
        make_row(batch, number=number, outcome=outcome)
    tabs = {tab.label: tab.rows for tab in page(office, batch).context["tabs"]}
    assert tabs == {"全部": 5, "有错误": 1, "新增": 2, "有变化": 1, "无变化": 1}
    assert len(names(page(office, batch, outcome="new"))) == 2
    assert len(names(page(office, batch, outcome="all"))) == 5


@pytest.mark.parametrize(
    ("outcomes", "first"),
    [(("new", "wrong", "doubt"), "doubt"), (("new", "wrong"), "wrong"), (("new",), "all")],
)
def test_what_needs_the_users_eye_comes_first(batch, office, outcomes, first):
    for number, outcome in enumerate(outcomes, 3):
        make_row(batch, number=number, outcome=outcome)
    assert page(office, batch).context["chosen"] == first


def test_a_wrong_row_tells_column_and_sentence(batch, office):
    fault = {"column": "mentee_name", "message": "上墅乡的干部库中没有谁，请先导入此人。"}
    make_row(batch, number=3, outcome=Outcome.WRONG, faults=[fault])
    text = page(office, batch).text
    assert "<strong>帮带对象姓名</strong>" in text
    assert fault["message"] in text


def test_a_changed_row_tells_old_and_new(batch, office):
    change = {"field": "title", "label": "职务", "old": "科员", "new": "<b>副乡长"}
    make_row(batch, number=3, outcome=Outcome.CHANGED, changes=[change])
    text = page(office, batch).text
    assert "<del>科员</del>" in text
    assert "<ins>&lt;b&gt;副乡长</ins>" in text


def test_rows_are_found_by_name_within_the_outcome(batch, office):
    make_row(batch, number=3, name="甲某")
    make_row(batch, number=4, name="乙某")
    make_row(batch, number=5, name="甲某某", outcome=Outcome.WRONG)
    assert names(page(office, batch, outcome="new", q="甲")) == ["甲某"]
    assert names(page(office, batch, outcome="all", q="甲")) == ["甲某", "甲某某"]
    assert names(page(office, batch, outcome="all", q="丙")) == []


def test_pages_go_on_in_the_order_of_the_sheet(batch, office):
    rows = [
        BatchRow(batch=batch, sheet=0, number=number, outcome="new", name=f"第{number}")
        for number in range(60, 0, -1)
    ]
    BatchRow.objects.bulk_create(rows)
    first = page(office, batch, outcome="new")
    second = page(office, batch, outcome="new", after=first.context["page"].next)
    assert names(first) + names(second) == [f"第{number}" for number in range(1, 61)]


def test_the_report_has_a_fixed_number_of_queries(batch, office, django_assert_num_queries):
    for numbers in ((3,), (4, 5)):
        for number in numbers:
            make_row(batch, number=number)
        with django_assert_num_queries(8):
            page(office, batch)


def test_with_several_sheets_a_row_names_its_own(cast, tree, office):
    second = {**MAPPING["sheets"][0], "at": 1, "name": "递铺"}
    batch = make_batch(
        unit=tree.anji, by=cast.county, mapping={"sheets": [*MAPPING["sheets"], second]}
    )
    make_row(batch, number=3, sheet=1)
    [line] = page(office, batch).context["lines"]
    assert line.place == "递铺 · 3"


def test_good_rows_alone_are_offered_where_others_are_wrong(batch, office):
    make_row(batch, number=3)
    assert "确认导入" in page(office, batch).text
    make_row(batch, number=4, outcome=Outcome.WRONG)
    text = " ".join(page(office, batch).text.split())
    assert "只导入没有问题的 1 行" in text
    assert "确认导入" not in text


def test_the_workbook_with_remarks_is_waited_for(batch, office):
    make_row(batch, number=3, outcome=Outcome.WRONG)
    assert "正在生成带批注的原表" not in page(office, batch).text
    Job.objects.filter(batch=batch).update(step="writing the remarks into your workbook")
    assert "正在生成带批注的原表" in page(office, batch).text
    part = office.get(
        f"/rosters/{batch.pk}/", headers={"HX-Request": "1", "HX-Target": "annotated"}
    )
    assert part.text.strip().startswith('<div id="annotated"')


def test_progress_is_shown_while_the_worker_is_at_it(cast, tree, office):
    batch = make_batch(unit=tree.anji, by=cast.county, state=State.CHECKING)
    Job.objects.filter(batch=batch).update(step="checking the rows", done=1200, total=5000)
    whole = page(office, batch)
    assert "正在逐行核对" in whole.text
    assert "<html" in whole.text
    part = office.get(f"/rosters/{batch.pk}/", headers={"HX-Request": "1"})
    assert ("<html" in part.text, 'value="1200"' in part.text) == (False, True)


def test_when_the_work_is_over_the_page_is_loaded_anew(batch, office):
    response = office.get(f"/rosters/{batch.pk}/", headers={"HX-Request": "1"})
    assert response.headers["HX-Refresh"] == "true"


def test_a_doubt_shows_both_and_three_answers(cast, tree, office):
    batch = make_batch(unit=tree.anji, by=cast.county, kind="pairings")
    facts = [["导师", "周师傅 · 上墅乡", "周师傅 · 递铺街道 · 1970.01"]]
    candidate = {"id": str(uuid.uuid4()), "name": "周师傅", "apart": "递铺街道", "facts": facts}
    make_row(batch, number=3, outcome=Outcome.DOUBT, candidates=[candidate])
    text = page(office, batch).text
    for part in ("周师傅 · 上墅乡", "周师傅 · 递铺街道 · 1970.01", "是同一人", "不导入"):
        assert part in text
    assert "是另一个人" not in text  # a pair of unknown people cannot be made


def test_a_failed_file_says_what_to_do(cast, tree, office):
    batch = make_batch(
        unit=tree.anji, by=cast.county, state=State.FAILED, failure="工作簿有密码，请取消密码。"
    )
    text = page(office, batch).text
    assert "工作簿有密码" in text
    assert "没有导入任何内容" in text
    assert "/rosters/new/pairings/" in text


def test_columns_that_were_not_read_are_named(batch, office):
    make_row(batch, number=3)
    assert page(office, batch).context["unread"] == ["何时结的对"]
    assert "没有读取的列：何时结的对。" in page(office, batch).text
