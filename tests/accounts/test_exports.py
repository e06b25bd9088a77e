"""The record of what left: all of it for the audit administrator, one's own for everybody else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Export


def make_export(*, by, **fields) -> Export:
    given = {"register": "干部名册", "scope": "安吉县", "columns": "姓名", "format": "csv",
             "is_masked": True}  # fmt: skip
    return Export.objects.create(by=by, **given | fields)


@pytest.fixture
def exports(cast):
    make_export(by=cast.other_county, scope="德清县", finished_at=timezone.now(), rows=788)
    make_export(
        by=cast.county, is_masked=False, purpose="年度考核备案", filters="姓名：＊",
        failed_at=timezone.now(), rows=17,
    )  # fmt: skip
    make_export(by=cast.county, register="导师名册", format="xlsx")


def shown(response) -> list[tuple[str, str]]:
    return [(export.by.username, export.scope) for export in response.context["page"].rows]


def test_the_audit_administrator_reads_all_of_them_the_newest_first(cast, exports, signed_in):
    client = signed_in(cast.auditor)
    response = client.get("/accounts/exports/")
    assert shown(response) == [("anji", "安吉县"), ("anji", "安吉县"), ("deqing", "德清县")]
    for words in ("年度考核备案", "姓名：＊", "在第 17 行中断", "788", "未完成", "导师名册 · XLSX"):
        assert words in " ".join(response.text.split())
    assert 'href="/accounts/exports/"' in client.get("/accounts/trail/").text


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("other_county", [("deqing", "德清县")]),
        ("viewer", []),
        ("sysadmin", []),
        ("secadmin", []),
        ("stranger", []),
    ],
)
def test_everybody_else_reads_their_own(cast, exports, signed_in, user, found):
    response = signed_in(getattr(cast, user)).get("/accounts/exports/")
    assert shown(response) == found
    assert "年度考核备案" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_asks_as_often_for_one_row_as_for_three(cast, signed_in, count):
    for _ in range(count):
        make_export(by=cast.county)
    client = signed_in(cast.auditor)
    with CaptureQueriesContext(connection) as queries:
        assert len(shown(client.get("/accounts/exports/"))) == count
    assert len(queries) == 5, [query["sql"][:120] for query in queries]


def test_whole_data_without_a_purpose_are_refused_by_the_database(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_export(by=cast.county, is_masked=False)


def test_an_export_is_closed_once(cast):
    export = make_export(by=cast.county)
    assert (export.fail(5), export.finish(9), export.fail(6)) == (True, False, False)
    export.refresh_from_db()
    assert (export.rows, export.finished_at) == (5, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(finished_at=timezone.now())
