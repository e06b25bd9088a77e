"""A roster is uploaded: one page for each kind, the file looked at at once, sent twice once."""

from __future__ import annotations

import io
import uuid

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from rosters.models import Batch
from rosters.states import State
from tests.pairings.pair_rosters import FIELDS, row, sheet

NEW = "/rosters/new/pairings/"


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast.county)


def send(client, content: bytes, *, name: str = "对子.xlsx", key: str = ""):
    return client.post(NEW, {"file": SimpleUploadedFile(name, content), "client_key": key})


def test_an_upload_waits_for_the_worker_at_the_units_office(cast, tree, office):
    response = send(office, sheet(row()))
    batch = Batch.objects.get()
    assert response.url == f"/rosters/{batch.pk}/"
    kept = (batch.state, batch.kind, batch.filename, batch.unit, batch.created_by)
    assert kept == (State.READING, "pairings", "对子.xlsx", tree.anji, cast.county)


def test_the_same_form_twice_gives_one_upload(office):
    key = str(uuid.uuid4())
    first, second = (send(office, sheet(row()), key=key).url for _ in range(2))
    assert (first, Batch.objects.count()) == (second, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (b"%PDF-1.7", "这是 PDF 文件，不是表格。"),
    ],
)
def test_a_file_that_is_no_table_is_said_beside_the_field(office, content, sentence):
    response = send(office, content)
    assert response.status_code == 422
    [told] = response.context["form"].errors["file"]
    assert told.startswith(sentence)
    assert Batch.objects.count() == 0


def test_no_file_is_said_beside_the_field(office):
    response = office.post(NEW, {})
    assert (response.status_code, response.context["form"].errors["file"]) == (
        422,
        ["请选择文件。"],
    )


def test_the_template_is_the_kinds_own(office):
    response = office.get(f"{NEW}template/")
    assert "attachment" in response.headers["Content-Disposition"]
    cells = [cell.value for cell in load_workbook(io.BytesIO(response.content)).active[3]]
    assert [str(cell).rstrip("*") for cell in cells] == [*FIELDS]


def test_a_kind_that_is_not_there_is_not_found(office):
    assert office.get("/rosters/new/horses/").status_code == 404


def test_only_coordinators_upload(cast, signed_in):
    for user in (cast.viewer, cast.mentor, cast.sysadmin):
        assert signed_in(user).get(NEW).status_code == 403
        assert signed_in(user).get("/rosters/").status_code == 403


def test_the_old_addresses_lead_here(office):
    assert office.get(reverse("pairings:import_upload")).url == NEW


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_a_broker_the_upload_is_kept_all_the_same(cast, tree, office, monkeypatch):
    def refuse(*args, **kwargs):
        raise redis.exceptions.ConnectionError("refused")

    for name in ("connect", "send_packed_command"):
        monkeypatch.setattr(redis.connection.AbstractConnection, name, refuse)
    assert send(office, sheet(row())).status_code == 302
    assert Batch.objects.get().state == State.READING
