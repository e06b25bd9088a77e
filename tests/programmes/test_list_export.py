"""The list as a file; COPY reads on a connection of its own, so the rows are committed."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from accounts.models import Export
from cadres.models import Cadre
from programmes.states import State

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def export(listed, signed_in):
    address = f"/programmes/{listed.programme.pk}/list/export/"
    return lambda **sent: signed_in(listed.county).post(address, sent)


def test_the_file_is_on_record_with_its_purpose_and_calls_itself_a_draft(listed, export):
    for purpose in ("", "备案"):
        assert export(format="csv", purpose=purpose).status_code == 422
    assert not Export.objects.exists()
    Cadre.objects.filter(pk=listed.li.pk).update(name="=李学员")
    response = export(format="csv", purpose="提交部务会研究")
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    head, row = (line.split(",") for line in body.splitlines())
    assert head[:4] == ['"帮带对象姓名"', '"帮带对象单位"', '"帮带对象职务"', '"导师姓名"']
    assert row[:4] == ['"\'=李学员"', '"上墅乡"', '"干部"', '"王导师"']
    record = Export.objects.get()
    assert (record.purpose, record.rows, record.by) == ("提交部务会研究", 1, listed.county)
    assert "%E8%8D%89%E6%A1%88" in response["Content-Disposition"]  # 草案


def test_the_workbook_is_titled_and_signed_as_offices_do(listed, export):
    type(listed.programme).objects.update(state=State.PUBLISHED)
    response = export(format="xlsx", purpose="提交部务会研究")
    content = b"".join(response.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows()]
    assert rows[0] == ["2026年度结对导师帮带结对名单"]
    assert rows[1][0].startswith("单位：安吉县")
    assert "用途：提交部务会研究" in rows[1][0]
    assert rows[3][:4] == ["李学员", "上墅乡", "干部", "王导师"]
    assert rows[-1] == ["填表人：", "审核人：", "联系电话："]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
