"""The pages of many handbooks: who asks, who sees, who takes the file."""

from __future__ import annotations

import io
import uuid
import zipfile
from urllib.parse import quote

import pytest

from accounts.models import Export, Grant
from handbooks import many, many_pages
from handbooks.models import HandbookRun, RunState
from tests.factories import make_grants
from tests.handbooks.made import asked, couple, ran

LIST = "/handbooks/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def page_of(run, more=""):
    return f"/handbooks/runs/{run.pk}/{more}"


def form(unit, **fields):
    given = {"unit": unit.pk, "among": "running", "purpose": "年度考核备案"}
    return {**given, "client_key": str(uuid.uuid4()), **fields}


def test_asked_for_once_however_often_it_is_pressed_and_found_again(cast, tree, signed_in):
    client = signed_in(cast.county)
    first = client.post(LIST, form(tree.anji))
    again = client.post(LIST, form(tree.anji))
    run = HandbookRun.objects.get()
    assert {first["Location"], again["Location"]} == {page_of(run)}
    assert (run.created_by, run.unit, run.with_photos) == (cast.county, tree.anji, False)
    assert page_of(run) in client.get(LIST).text
    HandbookRun.objects.update(state=RunState.RUNNING, step=many.PRINT, done=120, total=300)
    part = client.get(page_of(run), headers={"HX-Request": "true"})
    assert "已生成 120 册，共 300 册" in part.text
    assert "<html" not in part.text
    many.run(run.pk)
    over = client.get(page_of(run), headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert "下载 ZIP" in client.get(page_of(run)).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"purpose": ""}, "purpose"), ({"purpose": "看看"}, "purpose"), ({"among": "x"}, "among")],
)
def test_a_bad_form_says_so_beside_the_field_and_keeps_the_rest(
    cast, tree, signed_in, fields, field
):
    response = signed_in(cast.county).post(LIST, form(tree.anji, with_photos="on", **fields))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert response.context["form"]["with_photos"].value() is True
    assert HandbookRun.objects.count() == 0


def test_a_unit_without_pairs_or_of_others_is_refused(cast, tree, signed_in):
    client = signed_in(cast.township)
    assert client.post(LIST, form(tree.shangshu)).status_code == 302
    HandbookRun.objects.all().delete()
    for unit in (tree.liujiatang, tree.dipu):
        response = client.post(LIST, form(unit))
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["unit"])


def test_the_download_is_the_whole_zip_with_safe_headers_and_on_record(cast, tree, signed_in):
    run = ran(cast.county, tree.anji)
    response = signed_in(cast.county).post(page_of(run, "file/"))
    content = b"".join(response.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert len(content) == int(response["Content-Length"]) == run.size
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (
        "application/zip",
        "nosniff",
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment")
    assert quote("安吉县") in response["Content-Disposition"]
    export = Export.objects.get()
    assert (export.by, export.rows, export.purpose, export.is_masked) == (
        cast.county, 1, "年度考核备案", False,
    )  # fmt: skip
    assert export.finished_at is not None
    assert "马徒弟" not in export.scope + export.filters + export.columns


def test_a_download_that_breaks_off_is_on_record_as_such(cast, tree, signed_in, monkeypatch):
    run = ran(cast.county, tree.anji)
    monkeypatch.setattr(many_pages, "_CHUNK", 1000)
    response = signed_in(cast.county).post(page_of(run, "file/"))
    sent = response._iterator  # closing the response would close the test's connection
    assert len(next(sent)) == 1000
    sent.close()
    assert Export.objects.get().failed_at is not None


def test_a_run_is_its_askers_alone(cast, tree, signed_in):
    """Another office of the same county may ask for its own."""
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    run = ran(cast.county, tree.anji)
    make_grants((cast.stranger, "coordinator", tree.anji))
    for user in (cast.stranger, cast.township, cast.other_county):
        client = signed_in(user)
        assert client.get(page_of(run)).status_code == 404
        assert client.post(page_of(run, "file/")).status_code == 404
        assert page_of(run) not in client.get(LIST).text
    for user in (cast.viewer, cast.mentor, cast.mentee, cast.auditor):
        client = signed_in(user)
        assert {client.get(LIST).status_code, client.post(LIST).status_code} == {403}
    assert Export.objects.count() == 0


def test_who_has_lost_the_unit_takes_no_file(cast, tree, signed_in):
    run = ran(cast.county, tree.anji)
    Grant.objects.filter(user=cast.county).delete()
    client = signed_in(cast.county)
    assert client.post(page_of(run, "file/")).status_code == 403
    make_grants((cast.county, "coordinator", tree.deqing))
    response = client.post(page_of(run, "file/"))
    assert (response.status_code, Export.objects.count()) == (409, 0)
    assert "下载 ZIP" not in client.get(page_of(run)).text


def test_no_file_before_the_end_nor_after_its_removal(cast, tree, signed_in):
    client, run = signed_in(cast.county), asked(cast.county, tree.anji)
    assert client.post(page_of(run, "file/")).status_code == 409
    assert client.get(page_of(run, "file/")).status_code == 405
    many.run(run.pk)
    run.refresh_from_db()
    run.file.storage.delete(run.file.name)
    assert client.post(page_of(run, "file/")).status_code == 404
    assert Export.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_has_the_same_queries_for_one_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for _each in range(number):
        asked(cast.county, tree.anji, state="failed", failure="empty", ended_at="2026-11-01T00:00Z")
    client = signed_in(cast.county)
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
