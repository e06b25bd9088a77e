"""Handing in: what is taken, what is refused in words, and what is made once."""

from __future__ import annotations

import io
import uuid

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from papers import handing, placing, reading, working
from papers.models import Stack, StackFile
from tests.papers.made import blank, jpeg, pdf_of, states, upload

ADDRESS = "papers:hand_in"


def hand_in(client, *files, key=None):
    given = {"papers": list(files), "client_key": key or uuid.uuid4()}
    return client.post(reverse(ADDRESS), given)


def pages(number):
    writer = pypdf.PdfWriter()
    for _page in range(number):
        writer.add_blank_page(595, 842)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def locked():
    writer = pypdf.PdfWriter(io.BytesIO(pages(1)))
    writer.encrypt("secret", algorithm="AES-256")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def test_a_photo_and_a_pdf_are_taken_and_a_form_sent_twice_makes_one_stack(signed_in, cast):
    client, key = signed_in(cast.mentee), uuid.uuid4()
    for _time in range(2):
        files = upload(jpeg(blank()), "一.jpg"), upload(pages(3))
        response = hand_in(client, *files, key=key)
        stack = Stack.objects.get()
        assert response.status_code == 302
        assert response["Location"] == reverse("papers:stack", args=[stack.pk])
    assert (stack.pages_total, stack.created_by) == (4, cast.mentee)
    assert list(stack.files.values_list("is_pdf", "pages")) == [(False, 1), (True, 3)]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (pages(201), "全年.pdf", "201 页"),
        (pages(0), "空.pdf", "“空.pdf”未能上传：PDF 已损坏"),
        (locked(), "密.pdf", "口令"),
        (pages(1)[:300], "断.pdf", "“断.pdf”未能上传"),
        (b"%PDF-1.7\n" + b"\0" * 100, "坏.pdf", "“坏.pdf”未能上传"),
        (b"PK\x03\x04 no picture", "表.docx", "“表.docx”未能上传"),
        (b"", "零.jpg", ""),
        (jpeg(blank())[:500], "半.jpg", "“半.jpg”未能上传"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(signed_in, cast, content, name, sentence):
    response = hand_in(signed_in(cast.mentee), upload(content, name))
    assert response.status_code == 422
    assert sentence in response.text
    assert Stack.objects.count() == 0


def test_one_bad_file_among_good_ones_is_named_and_the_loss_is_said(signed_in, cast):
    files = upload(jpeg(blank()), "好.jpg"), upload(b"x", "坏.jpg")
    response = hand_in(signed_in(cast.mentee), *files)
    assert response.status_code == 422
    assert "坏.jpg" in response.text
    assert "好.jpg" not in response.text
    assert Stack.objects.count() == 0


def test_too_much_at_once_is_refused(signed_in, cast, monkeypatch):
    client = signed_in(cast.mentee)
    monkeypatch.setattr(reading, "MOST_PAGES", 3)
    assert hand_in(client, upload(pages(2)), upload(pages(2), "二.pdf")).status_code == 422
    monkeypatch.setattr(handing, "MAX_FILES", 1)
    assert hand_in(client, upload(pages(1)), upload(pages(1), "二.pdf")).status_code == 422
    monkeypatch.setattr(handing, "MAX_PDF", 10)
    assert hand_in(client, upload(pages(1))).status_code == 422
    assert Stack.objects.count() == 0


def test_whose_room_is_used_up_hands_in_nothing(signed_in, cast, monkeypatch):
    monkeypatch.setattr(placing, "QUOTA", 0)
    assert hand_in(signed_in(cast.mentee), upload(pages(1))).status_code == 422


def test_what_waits_to_be_read_takes_room_and_makes_it_again(signed_in, cast, monkeypatch):
    client, key, first, second = signed_in(cast.mentee), uuid.uuid4(), pages(2), pages(3)
    monkeypatch.setattr(placing, "QUOTA", len(first) + len(second) - 1)
    assert hand_in(client, upload(first), key=key).status_code == 302
    stack = Stack.objects.get()
    assert stack.files.get().size == len(first)
    refused = hand_in(client, upload(second))
    assert (refused.status_code, Stack.objects.count()) == (422, 1)
    assert "待识别的文件一并计入" in refused.text
    # The room of another is another's; and a form sent again finds what it made.
    assert hand_in(signed_in(cast.mentor), upload(second)).status_code == 302
    again = hand_in(client, upload(first), key=key)
    assert again.url == reverse("papers:stack", args=[stack.pk])
    Stack.objects.filter(pk=stack.pk).update(state="done", ended_at=timezone.now())
    assert hand_in(client, upload(second)).status_code == 302


def test_pages_find_room_beside_their_own_file(cast, monkeypatch):
    """The file goes when its pages stand: it does not take their place."""
    content = pdf_of([blank()])
    handed = handing.looked_into(upload(content))
    monkeypatch.setattr(placing, "QUOTA", 2 * len(content) + 100_000)
    stack = handing.hand_in([handed], by=cast.mentee, key=None)
    StackFile.objects.update(size=2 * len(content) + 100_000)
    working.run(stack.pk)
    assert states(stack) == ["waiting"]
    assert placing.room_for_files(cast.mentee) > 0


def test_who_has_no_pair_hands_in_nothing(signed_in, cast):
    for user in (cast.stranger, cast.viewer, cast.auditor):
        assert hand_in(signed_in(user), upload(pages(1))).status_code == 403
    assert signed_in(cast.township).get(reverse(ADDRESS)).status_code == 200
    assert Stack.objects.count() == 0


def test_pdf_of_pictures_counts_its_pages():
    assert handing.looked_into(upload(pdf_of([blank(), blank()]))).pages == 2
