from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.entering import keep
from activities.files import check
from activities.models import Assignment, Attachment, Visit
from tests.activities.making import make_assignment, make_session, make_visit, photo

PDF = b"%PDF-1.4\nstartxref\n0\n%%EOF\n"


@pytest.fixture
def picture(cast):
    visit = make_visit(pairing=cast.pairing)
    keep([check(photo("张三家.jpg"))], visit, by=cast.mentee)
    return visit.files.get()


def test_a_picture_is_shown_to_those_who_see_the_record_and_never_cached(cast, signed_in, picture):
    address = reverse("activities:file", args=[picture.pk])
    for user in (cast.mentee, cast.mentor, cast.township, cast.county, cast.viewer):
        response = signed_in(user).get(address)
        assert response.status_code == 200
        assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"].startswith("inline")


def test_nobody_else_finds_the_file(cast, signed_in, client, picture):
    address = reverse("activities:file", args=[picture.pk])
    for user in (cast.stranger, cast.other_county, cast.sibling, cast.sysadmin, cast.auditor):
        assert signed_in(user).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_files_of_sessions_and_submissions_have_the_scope_of_their_records(cast):
    session = make_session(pairing=cast.pairing)
    keep([check(photo())], session, by=cast.mentor)
    assert Attachment.objects.visible_to(cast.mentee).count() == 1
    assert Attachment.objects.visible_to(cast.other_county).count() == 0


def test_a_document_is_downloaded_and_never_shown_in_place(cast, signed_in):
    visit = make_visit(pairing=cast.pairing)
    keep([check(SimpleUploadedFile("总结.pdf", PDF))], visit, by=cast.mentee)
    response = signed_in(cast.mentee).get(reverse("activities:file", args=[visit.files.get().pk]))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(response.streaming_content) == PDF


def test_the_stored_name_tells_nothing_and_lies_outside_the_static_files(settings, picture):
    assert Path(picture.file.name).name == str(picture.pk)
    assert "张三" not in picture.file.name
    assert Path(picture.file.path).is_relative_to(settings.MEDIA_ROOT)


def test_a_file_missing_on_the_disk_is_not_found(cast, signed_in, picture):
    Path(picture.file.path).unlink()
    address = reverse("activities:file", args=[picture.pk])
    assert signed_in(cast.mentee).get(address).status_code == 404


def test_nine_photos_are_taken_and_ten_are_not(cast, signed_in):
    address = reverse("activities:visit_create", args=[cast.pairing.pk])
    form = {"place_text": "村口", "visited": "firm", "people_count": 1, "happened_on": "2026-04-01"}
    client = signed_in(cast.mentee)
    refused = client.post(address, {**form, "uploads": [photo() for _ in range(10)]})
    assert refused.status_code == 422
    assert "一次最多上传 9 个文件" in refused.text
    assert Visit.objects.count() == 0
    assert client.post(address, {**form, "uploads": [photo() for _ in range(9)]}).status_code == 302
    assert Attachment.objects.count() == 9


def test_the_quota_of_a_person_is_said_plainly(cast, signed_in, picture, monkeypatch):
    monkeypatch.setattr("activities.entering.QUOTA", picture.size + 10)
    assignment = make_assignment(pairing=cast.pairing)
    response = signed_in(cast.mentee).post(
        reverse("activities:hand_in", args=[assignment.pk]),
        {"text": "完成了", "uploads": photo()},
    )
    assert response.status_code == 422
    assert "您的 500 MB 文件空间只剩 0 MB，请减少文件。" in response.text
    assert Assignment.objects.get().state == "set"


def test_a_file_is_not_left_on_the_disk_when_its_record_is_not_kept(cast, settings, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no room")

    visit = make_visit(pairing=cast.pairing)
    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(RuntimeError):
        keep([check(photo())], visit, by=cast.mentee)
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
