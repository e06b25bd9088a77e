"""Stacks of paper: every page to its pair, once, whoever reads and whatever interrupts."""

from __future__ import annotations

import io
import threading

import pytest
import segno
from django.core.files.storage import default_storage
from django.db import connections
from PIL import Image

from papers import codes, handing, placing, reading, tasks, working
from papers.models import PaperEvent, PaperPage
from papers.states import StackState
from tests.activities.making import photo
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.papers.made import (
    MONTH,
    blank,
    jpeg,
    make_stack,
    printed,
    read_stack,
    states,
    upload,
)


def pair(unit, number):
    mentor = make_mentor(cadre=make_cadre(unit=unit, name=f"师{number}"))
    return make_pairing(mentor=mentor, mentee=make_cadre(unit=unit, name=f"徒{number}"))


def stored():
    """Every file under the storage's folder of papers."""
    found = []
    folders = ["papers"]
    while folders:
        folder = folders.pop()
        if not default_storage.exists(folder):
            continue
        below, files = default_storage.listdir(folder)
        folders += [f"{folder}/{name}" for name in below]
        found += [f"{folder}/{name}" for name in files]
    return sorted(found)


def test_a_stack_of_thirty_finds_its_pairs_and_tells_what_did_not(cast, tree):
    ours = [pair(tree.shangshu, number) for number in range(14)]
    foreign = pair(tree.yuyue, 99)
    pages = [picture for one in ours for picture in printed(one, dpi=110)]
    pages[3] = pages[3].rotate(180)
    pages[4] = pages[4].rotate(90, expand=True)
    pages.insert(7, blank())
    pages.insert(20, printed(foreign, dpi=110)[0])
    stack = read_stack(*pages, by=cast.county)
    expected = ["placed"] * 30
    expected[7], expected[20] = "waiting", "refused"
    assert (stack.state, states(stack)) == (StackState.DONE, expected)
    found = PaperPage.objects.placed().order_by("position")
    assert list(found.values_list("pairing", "month", "page_no", "version")) == [
        (one.pk, MONTH, number, 1) for one in ours for number in (1, 2)
    ]
    assert not PaperPage.objects.filter(pairing=foreign).exists()
    assert PaperEvent.objects.filter(verb="place", actor=cast.county).count() == 28
    # Of each page kept a picture and a small one; nothing of the foreign page, nor of the PDF.
    assert len(stored()) == 2 * 29


def test_pages_are_kept_upright_and_without_what_a_camera_adds(cast):
    lying = printed(cast.pairing)[0].rotate(180)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    handed = handing.looked_into(upload(jpeg(lying, exif=exif), "IMG_1.jpg"))
    stack = handing.hand_in([handed], by=cast.mentee, key=None)
    working.run(stack.pk)
    page = PaperPage.objects.get()
    content = page.file.open("rb").read()
    assert b"SecretCamera" not in content
    assert reading.find(Image.open(io.BytesIO(content))).turned == 0
    assert (page.pairing, page.uploaded_by) == (cast.pairing, cast.mentee)


def test_the_same_page_again_is_a_version_more_and_the_same_bytes_are_not_kept_twice(cast):
    page = printed(cast.pairing)[0]
    written = page.copy()
    written.paste("black", (200, 900, 500, 905))
    stack = read_stack(page, written, page, by=cast.mentee)
    assert states(stack) == ["placed", "placed", "repeated"]
    assert list(PaperPage.objects.placed().values_list("version", flat=True)) == [1, 2]
    assert states(read_stack(page, by=cast.county)) == ["repeated"]
    assert states(read_stack(blank(), blank(), by=cast.mentee)) == ["waiting", "repeated"]
    assert len(stored()) == 2 * 3


def test_a_withdrawn_page_may_come_again(cast):
    page = printed(cast.pairing)[0]
    read_stack(page, by=cast.mentee)
    placing.withdraw(PaperPage.objects.get(), by=cast.mentee, reason="")
    assert states(read_stack(page, by=cast.mentee)) == ["placed"]
    assert list(PaperPage.objects.placed().values_list("version", flat=True)) == [2]


def test_the_mentee_of_another_pair_hands_in_nothing_for_this_one(cast, tree):
    other = pair(tree.shangshu, 1)
    stack = read_stack(printed(other)[0], by=cast.mentee)
    assert states(stack) == ["refused"]
    assert (PaperPage.objects.get().pairing, stored()) == (None, [])


def test_a_leader_of_the_county_only_reads(cast):
    assert states(read_stack(printed(cast.pairing)[0], by=cast.viewer)) == ["refused"]


def test_a_forged_code_is_no_code(cast, settings):
    settings.SECRET_KEY = "the forger's"
    forged = printed(cast.pairing)[0]
    settings.SECRET_KEY = "ours"
    assert states(read_stack(forged, by=cast.mentee)) == ["waiting"]


def test_a_person_s_room_ends(cast, monkeypatch):
    first, second = printed(cast.pairing)
    read_stack(first, by=cast.mentee)
    stack = make_stack(second, by=cast.mentee)
    monkeypatch.setattr(placing, "QUOTA", PaperPage.objects.get().size + 1000)
    assert working.run(stack.pk)
    assert states(stack) == ["no_room"]
    assert states(read_stack(second, by=cast.county)) == ["placed"]


def test_what_was_read_before_a_crash_is_not_read_again(cast, monkeypatch):
    stack = make_stack(*printed(cast.pairing), blank(), by=cast.mentee)
    place = placing.place

    def crash(stack, position, picture):
        if position == 2:
            raise MemoryError
        place(stack, position, picture)

    monkeypatch.setattr(placing, "place", crash)
    with pytest.raises(MemoryError):
        working.run(stack.pk)
    first = PaperPage.objects.get()
    assert working.left_alone() == [stack.pk]
    monkeypatch.setattr(placing, "place", place)
    tasks.resume()
    assert states(stack) == ["placed", "placed", "waiting"]
    assert PaperPage.objects.filter(pk=first.pk).exists()
    assert working.left_alone() == []


def test_a_page_that_takes_the_worker_down_three_times_is_passed_over(cast, monkeypatch):
    stack = make_stack(blank(10), *printed(cast.pairing), by=cast.mentee)
    place = placing.place

    def crash(stack, position, picture):
        if position == 1:
            raise MemoryError
        place(stack, position, picture)

    monkeypatch.setattr(placing, "place", crash)
    for _time in range(working.MOST_TRIES):
        with pytest.raises(MemoryError):
            working.run(stack.pk)
    assert working.run(stack.pk)
    assert states(stack) == ["damaged", "placed", "placed"]


def test_a_file_that_the_storage_lost_is_told_page_by_page(cast):
    stack = make_stack(*printed(cast.pairing), by=cast.mentee)
    file = stack.files.get()
    file.file.storage.delete(file.file.name)
    assert working.run(stack.pk)
    assert states(stack) == ["damaged", "damaged"]


def test_a_stack_that_is_read_is_not_read_again(cast):
    stack = read_stack(blank(), by=cast.mentee)
    assert working.run(stack.pk) is False
    assert stack.files.get().file.name == ""


def test_photos_and_a_pdf_make_one_stack(cast):
    files = [
        handing.looked_into(upload(jpeg(printed(cast.pairing)[0]), "一.jpg")),
        handing.looked_into(photo("二.png", format="PNG")),
    ]
    stack = handing.hand_in(files, by=cast.mentee, key=None)
    working.run(stack.pk)
    assert states(stack) == ["placed", "waiting"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_read_each_page_once(cast):
    pages = [picture for month in ("2026-04", MONTH) for picture in printed(cast.pairing, month)]
    stack = make_stack(*pages, by=cast.mentee)
    barrier, worked = threading.Barrier(2), []

    def work():
        try:
            barrier.wait(10)
            worked.append(working.run(stack.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert True in worked
    assert states(stack) == ["placed"] * 4
    assert sorted(PaperPage.objects.values_list("version", flat=True)) == [1] * 4
    assert len(stored()) == 2 * 4


def test_a_worker_taken_for_dead_writes_over_nothing(cast):
    """Both hold the drawn page; the second one to write finds it there and leaves it."""
    picture = printed(cast.pairing)[0]
    stack = make_stack(picture, by=cast.mentee)
    placing.place(stack, 1, picture)
    before = PaperPage.objects.get().file.open("rb").read()
    placing.place(stack, 1, picture.rotate(180))
    assert PaperPage.objects.get().file.open("rb").read() == before
    assert len(stored()) == 2 + 1


def test_codes_of_others_on_the_same_paper_are_passed_over(cast):
    drawn = io.BytesIO()
    segno.make_qr("https://example.org/pay").save(drawn, kind="png", scale=6)
    page = printed(cast.pairing)[0].copy()
    page.paste(Image.open(drawn).convert("RGB"), (80, 60))
    found = reading.find(page)
    assert found.code == codes.Code(cast.pairing.pk, MONTH, 1)
