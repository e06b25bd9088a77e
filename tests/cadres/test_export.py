"""The register as a file: the filter and order of the list, within scope, masked or on record."""

from __future__ import annotations

import csv
import io
import time

import openpyxl
import psycopg2
import pytest
from django.db import connection

from accounts.models import Export, Role
from cadres.models import Cadre
from tests.factories import make_cadre, make_grant, make_unit

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WHOLE = {"format": "csv", "extent": "whole", "purpose": "2026年度考核备案"}
HEADINGS = [
    "姓名", "性别", "出生年月", "年龄", "民族", "政治面貌", "入党时间", "全日制学历", "在职学历",
    "是否党校学历", "参加工作时间", "单位", "上级单位", "职务", "人员类别", "手机号脱敏",
    "帮带对象类别", "离任日期",
]  # fmt: skip


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def names(response) -> list[str]:
    return [line[0] for line in table(response)[1:]]


@pytest.fixture
def people(cast, tree):
    """Two in Anji besides the pair, one in Deqing who must not be found."""
    whole = {
        "ethnicity": "01", "political_status": "01", "party_month": "2012-06", "education": "21",
        "later_education": "14",
        "is_party_school": True, "work_month": "2013-10", "staffing": "civil", "id_tail": "001X",
    }  # fmt: skip
    make_cadre(unit=tree.liujiatang, name="单小明", birth_month="1991-10", gender="1",
               phone="13812345678", title="=村书记", **whole)  # fmt: skip
    make_cadre(unit=tree.dipu, name="曾丽", birth_month="", gender="2", phone="13887654321")
    make_cadre(unit=tree.yuyue, name="解放", phone="13899998888")


def test_the_file_holds_the_list_in_its_order_masked_and_nobody_else(cast, people, signed_in):
    response = signed_in(cast.county).post("/cadres/export/", {"format": "csv"})
    content = body(response)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0] == HEADINGS
    assert [line[0] for line in lines[1:]] == ["褚师傅", "马徒弟", "单小明", "曾丽"]
    assert lines[3] == [
        "单小明", "男", "1991.10", "35", "汉族", "中共党员", "2012.06", "大学本科毕业",
        "硕士研究生毕业", "是", "2013.10", "刘家塘村", "上墅乡", "'=村书记", "行政",
        "138****5678", "", "",
    ]  # fmt: skip
    for hidden in ("13812345678", "13887654321", "001X", "解放", "13899998888"):
        assert hidden.encode() not in content
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "_%E8%84%B1%E6%95%8F.csv" in response.headers["Content-Disposition"]  # 脱敏


def test_the_filter_and_the_sorting_of_the_list_are_kept(cast, people, signed_in):
    client = signed_in(cast.county)
    page = client.get("/cadres/?gender=1&sort=-name")
    assert 'href="/cadres/export/?gender=1&amp;sort=-name"' in page.text
    address = "/cadres/export/?gender=1&sort=-name&after=x"
    assert "3 人" in client.get(address).text
    listed = [cadre.name for cadre in page.context["page"].rows]
    assert (
        names(client.post(address, {"format": "csv"})) == listed == ["单小明", "马徒弟", "褚师傅"]
    )
    export = Export.objects.get()
    assert (export.rows, export.filters) == (3, "性别：男")


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("township", ["褚师傅", "马徒弟", "单小明"]),
        ("other_county", ["解放"]),
        ("viewer", ["褚师傅", "马徒弟", "单小明", "曾丽"]),
    ],
)
def test_everybody_exports_the_people_of_their_own_units(cast, people, signed_in, user, found):
    client = signed_in(getattr(cast, user))
    response = client.post("/cadres/export/?q=&unit=999999", {"format": "csv"})
    assert names(response) == found


def test_the_register_leaves_with_nobody_without_an_office(cast, signed_in):
    for user in (cast.stranger, cast.mentor, cast.mentee, cast.sysadmin, cast.auditor):
        client = signed_in(user)
        assert client.get("/cadres/export/").status_code == 403
        assert client.post("/cadres/export/", {"format": "csv"}).status_code == 403
    assert not Export.objects.exists()


def test_whole_data_need_a_purpose_and_a_second_look(cast, people, signed_in):
    client = signed_in(cast.county)
    for purpose in ("", "  ", "考核"):
        refused = client.post("/cadres/export/?gender=2", WHOLE | {"purpose": purpose})
        assert refused.status_code == 422
        assert "请写明" in refused.text
        assert refused.context["form"].errors.keys() == {"purpose"}
    asked = client.post("/cadres/export/?gender=2", WHOLE)
    assert asked.status_code == 200
    for words in ("1 人", "身份证号后四位", "手机号", "安吉县", "2026年度考核备案"):
        assert words in asked.text
    assert not Export.objects.exists()
    response = client.post("/cadres/export/?gender=2", WHOLE | {"is_confirmed": "1"})
    lines = table(response)
    assert lines[0] == [
        *HEADINGS[:5], "身份证号后四位", *HEADINGS[5:15], "手机号", *HEADINGS[16:]
    ]  # fmt: skip
    assert [(line[0], line[16]) for line in lines[1:]] == [("曾丽", "13887654321")]
    export = Export.objects.get()
    assert (export.is_masked, export.purpose, export.by) == (False, "2026年度考核备案", cast.county)


def test_a_leader_has_no_whole_data_even_when_asking(cast, people, signed_in):
    client = signed_in(cast.viewer)
    assert "purpose" not in client.get("/cadres/export/").text
    content = body(client.post("/cadres/export/", WHOLE | {"is_confirmed": "1"}))
    assert b"138****5678" in content
    assert b"13812345678" not in content
    assert Export.objects.get().is_masked


def test_who_leads_here_and_coordinates_there_has_whole_data_from_there_alone(
    cast, people, tree, signed_in
):
    make_grant(user=cast.viewer, role=Role.COORDINATOR, unit=tree.dipu)
    client = signed_in(cast.viewer)
    assert len(names(client.post("/cadres/export/", {"format": "csv"}))) == 4
    response = client.post("/cadres/export/", WHOLE | {"is_confirmed": "1"})
    assert names(response) == ["曾丽"]
    assert Export.objects.latest("pk").scope == "递铺街道"


def test_the_record_stands_before_the_first_byte_and_is_closed_after_the_last(
    cast, people, signed_in
):
    response = signed_in(cast.county).post("/cadres/export/?q=单小明", {"format": "csv"})
    export = Export.objects.get()
    assert (export.finished_at, export.failed_at, export.rows) == (None, None, 0)
    assert export.filters.endswith("：＊")
    assert "单小明" not in export.filters
    assert (str(export.register), export.scope, export.format) == ("干部名册", "安吉县", "csv")
    assert export.columns == "、".join(HEADINGS)
    body(response)
    export.refresh_from_db()
    assert export.finished_at is not None
    assert (export.failed_at, export.rows) == (None, 1)


def test_a_download_that_is_given_up_says_so_and_ends_its_query(cast, tree, signed_in):
    make_many(tree.dipu, 12_000)
    response = signed_in(cast.county).post("/cadres/export/", {"format": "csv"})
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)
    assert copies_at_work() == 1
    response.close()
    export = Export.objects.get()
    assert export.failed_at is not None
    assert export.finished_at is None
    assert 0 < export.rows < 12_003
    # The server notices within moments that nobody reads any more; one that did not would wait
    # for its reader for ever.
    until = time.monotonic() + 10
    while copies_at_work() and time.monotonic() < until:
        time.sleep(0.05)
    assert copies_at_work() == 0


def copies_at_work() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid()",
            ["COPY (SELECT%"],
        )
        return cursor.fetchone()[0]


def test_a_file_that_breaks_off_says_so_itself(cast, tree, signed_in):
    make_many(tree.dipu, 12_000)
    response = signed_in(cast.county).post("/cadres/export/", {"format": "csv"})
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE %s AND pid <> pg_backend_pid()",
            ["COPY (SELECT%"],
        )
    rest = []
    with pytest.raises(psycopg2.Error):
        rest.extend(pieces)
    assert rest[-1].decode() == '"导出中断，以上数据不全，请重新导出。"\n'
    assert Export.objects.get().failed_at is not None


def make_many(unit, rows: int) -> None:
    """Copies of one person, more than stand ready between the database and the reader."""
    # A wide row: what stands ready (chunks and the sockets' own buffers) is some 2 MB, this is 4.
    one = make_cadre(unit=unit, name="万" + "长" * 98)
    columns = [f'"{field.column}"' for field in Cadre._meta.concrete_fields if not field.generated]
    given = ["uuidv7()" if column == '"id"' else column for column in columns]
    insert = " ".join(
        ["INSERT INTO cadres_cadre (", ", ".join(columns), ") SELECT", ", ".join(given),
         "FROM cadres_cadre, generate_series(2, %s) WHERE id = %s"]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(insert, [rows, one.pk])


def test_the_workbook_says_the_same_and_what_it_is(cast, people, tree, signed_in):
    client = signed_in(cast.county)
    lines = table(client.post("/cadres/export/?gender=1", {"format": "csv"}))
    content = body(client.post("/cadres/export/?gender=1", {"format": "xlsx"}))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "干部花名册"
    assert rows[1][0].startswith("单位：安吉县    截至日期：")
    assert rows[1][0].endswith("    筛选：性别：男")
    assert rows[2] == HEADINGS
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows[3:-1]]
    assert [["'=村书记" if cell == "=村书记" else cell for cell in row] for row in shown] == lines[
        1:
    ]
    assert [word for word in rows[-1] if word] == ["填表人：", "审核人：", "联系电话："]


def test_more_rows_than_a_sheet_holds_are_refused_with_a_sentence(
    cast, people, signed_in, monkeypatch
):
    monkeypatch.setattr("accounts.export_forms.MOST_SHEET_ROWS", 3)
    response = signed_in(cast.county).post("/cadres/export/", {"format": "xlsx"})
    assert response.status_code == 422
    assert "3" in response.text
    assert "CSV" in response.text
    assert not Export.objects.exists()


def test_units_of_one_name_are_called_as_a_roster_calls_them(cast, tree, signed_in):
    other = make_unit(name="刘家塘村", kind="village", parent=tree.dipu)
    make_cadre(unit=other, name="王东")
    make_cadre(unit=tree.liujiatang, name="王西")
    lines = table(signed_in(cast.county).post("/cadres/export/?q=王", {"format": "csv"}))
    place = HEADINGS.index("单位")
    assert [(line[0], line[place].split("/")[-2:]) for line in lines[1:]] == [
        ("王东", ["递铺街道", "刘家塘村"]),
        ("王西", ["上墅乡", "刘家塘村"]),
    ]


def test_an_empty_list_is_a_file_of_headings(cast, signed_in):
    response = signed_in(cast.county).post("/cadres/export/?q=没有这个人", {"format": "csv"})
    assert table(response) == [HEADINGS]
    assert Export.objects.get().rows == 0
