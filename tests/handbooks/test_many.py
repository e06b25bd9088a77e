"""The worker that prints the handbooks of many pairs: whose, and what may happen to it."""

from __future__ import annotations

import datetime as dt
import io
import threading
import uuid
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, connections
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Grant
from core import leasing
from handbooks import many, runs, tasks
from handbooks.models import HandbookRun, RunState
from handbooks.sweeping import remove_old
from tests.activities.making import make_session
from tests.handbooks.made import asked, couple, names_in, ran, read_from

OURS = "上墅乡/帮带手册_褚师傅_马徒弟.pdf"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def lease_ends(when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE handbooks_handbookrun SET lease_until = clock_timestamp() + %s::interval",
            [when],
        )


def test_each_pair_of_the_unit_has_its_handbook_and_nobody_else_has(cast, tree):
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    couple(tree.yuyue, "德清师傅", "德清徒弟")
    make_session(pairing=cast.pairing, topic="怎么开村民会")
    run = ran(cast.county, tree.anji)
    assert (run.state, run.made, run.left_out) == ("done", 2, 0)
    assert names_in(run) == [OURS, "递铺街道/帮带手册_递铺师傅_递铺徒弟.pdf"]
    pages = PdfReader(io.BytesIO(read_from(run, OURS))).pages
    assert "怎么开村民会" in "".join(page.extract_text() for page in pages)
    assert run.size == run.file.size


def test_a_townships_printing_holds_no_other_townships_pair(cast, tree):
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    run = ran(cast.township, tree.shangshu)
    assert names_in(run) == [OURS]
    with run.file.open("rb") as content:
        assert "递铺".encode() not in content.read()


def test_a_unit_that_is_not_in_ones_charge_gives_nothing(cast, tree):
    """The row is made past the form, as a forged one would be."""
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    run = ran(cast.township, tree.dipu)
    assert (run.state, run.failure, run.file.name) == ("failed", "scope", "")
    run = ran(cast.viewer, tree.anji)
    assert (run.state, run.failure) == ("failed", "scope")


def test_ended_pairs_come_by_choice_and_pairs_that_never_began_not_at_all(cast, tree):
    couple(tree.dipu, "甲", "乙", state="completed", ended_on=dt.date(2026, 9, 1))
    couple(tree.dipu, "丙", "丁", state="withdrawn", ended_on=dt.date(2026, 9, 1))
    assert names_in(ran(cast.county, tree.anji)) == [OURS]
    every = ran(cast.county, tree.anji, among="begun")
    assert names_in(every) == [OURS, "递铺街道/帮带手册_甲_乙.pdf"]


def test_a_grant_lost_half_way_ends_it_without_a_file(cast, tree, media, monkeypatch):
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    wrote, printed = [], many.printed

    def then_it_is_taken_away(pairing, user, **how):
        wrote.append(pairing)
        Grant.objects.filter(user=cast.county).delete()
        return printed(pairing, user, **how)

    monkeypatch.setattr(many, "printed", then_it_is_taken_away)
    run = ran(cast.county, tree.anji)
    assert (len(wrote), run.state, run.failure) == (1, "failed", "scope")
    assert files_below(media) == []


def test_a_pair_that_cannot_be_printed_is_listed_and_stops_nobody(cast, tree):
    couple(tree.dipu, "递铺师傅", "徒\ue123弟")
    run = ran(cast.county, tree.anji)
    assert (run.state, run.made, run.left_out) == ("done", 1, 1)
    assert names_in(run) == [OURS, many.ERRORS]
    (line,) = read_from(run, many.ERRORS).decode("utf-8-sig").splitlines()
    assert line.startswith("递铺街道　递铺师傅　徒\ue123弟：")
    assert "U+E123" in line


def test_an_error_of_ours_is_listed_as_well(cast, tree, monkeypatch):
    def broken(*args, **how):
        raise ZeroDivisionError

    monkeypatch.setattr(many, "printed", broken)
    run = ran(cast.county, tree.anji)
    assert (run.state, run.made, run.left_out, names_in(run)) == ("done", 0, 1, [many.ERRORS])


def test_a_crash_leaves_no_file_and_the_next_worker_begins_again(cast, tree, media, monkeypatch):
    couple(tree.dipu, "递铺师傅", "递铺徒弟")
    run, printed, calls = asked(cast.county, tree.anji), many.printed, []

    def killed(*args, **how):
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("the server went away")
        return printed(*args, **how)

    monkeypatch.setattr(many, "printed", killed)
    with pytest.raises(OperationalError):
        many.run(run.pk)
    run.refresh_from_db()
    assert (run.state, files_below(media), many.left_alone()) == ("running", [], [run.pk])
    tasks.sweep()
    run.refresh_from_db()
    assert (run.state, run.made, len(names_in(run))) == ("done", 2, 2)


def test_a_killed_workers_run_waits_for_its_lease(cast, tree):
    run = asked(cast.county, tree.anji)
    run.swap(RunState.RUNNING)
    lease_ends("50 seconds")
    assert (many.left_alone(), many.run(run.pk)) == ([], False)
    lease_ends("-1 second")
    tasks.sweep()
    run.refresh_from_db()
    assert (run.state, run.made) == ("done", 1)


@pytest.mark.parametrize(
    ("error", "failure", "sentence"),
    [(MemoryError, "error", "系统管理员"), (OperationalError, "interrupted", "请重试")],
)
def test_what_fails_several_times_is_given_up_with_a_sentence(
    cast, tree, monkeypatch, error, failure, sentence
):
    def broken(*args, **how):
        raise error

    monkeypatch.setattr(many, "_write", broken)
    run = asked(cast.county, tree.anji)
    for _ in range(many.MOST_TRIES):
        with pytest.raises(error):
            many.run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", failure)
    assert sentence in run.get_failure_display()
    assert many.run(run.pk) is False


def test_a_run_whose_workers_were_killed_is_given_up(cast, tree):
    run = asked(cast.county, tree.anji)
    HandbookRun.objects.update(tries=many.MOST_TRIES)
    tasks.sweep()
    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", "interrupted")


def test_a_run_that_fails_keeps_no_other_persons_waiting(cast, tree, monkeypatch, caplog):
    """The sweep says which one it was, goes on, and is itself seen to have failed."""
    couple(tree.yuyue, "德清师傅", "德清徒弟")
    bad, good = asked(cast.county, tree.anji), asked(cast.other_county, tree.deqing)
    write = many._write

    def broken_for_one(row, *more):
        if row.pk == bad.pk:
            raise ZeroDivisionError
        return write(row, *more)

    monkeypatch.setattr(many, "_write", broken_for_one)
    with pytest.raises(ExceptionGroup) as raised:
        tasks.sweep()
    assert [type(one) for one in raised.value.exceptions] == [ZeroDivisionError]
    assert str(bad.pk) in caplog.text
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state, good.made) == ("running", "done", 1)


def test_the_sweep_clears_away_even_when_a_run_fails(cast, tree, monkeypatch):
    old = ran(cast.township, tree.shangshu)
    HandbookRun.objects.filter(pk=old.pk).update(ended_at=timezone.now() - dt.timedelta(days=8))
    asked(cast.county, tree.anji)

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(many, "_write", broken)
    with pytest.raises(ExceptionGroup):
        tasks.sweep()
    old.refresh_from_db()
    assert (old.file.name, old.pairs, old.removed_at is None) == ("", [], False)


def test_a_worker_taken_for_dead_keeps_no_file(cast, tree, media, monkeypatch):
    """It comes to its end after another has finished: its own file goes, the other's stays."""
    run, write = asked(cast.county, tree.anji), many._write

    def slowly(*args):
        monkeypatch.setattr(many, "_write", write)
        found = write(*args)
        lease_ends("-1 second")
        assert many.run(run.pk)
        return found

    monkeypatch.setattr(many, "_write", slowly)
    many.run(run.pk)
    run.refresh_from_db()
    assert (run.state, names_in(run), len(files_below(media))) == ("done", [OURS], 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_workers_one_prints(cast, tree, media):
    run, ready, worked = asked(cast.county, tree.anji), threading.Barrier(2), []

    def work():
        try:
            ready.wait(10)
            worked.append(many.run(run.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    run.refresh_from_db()
    assert (sorted(worked), run.state) == ([False, True], "done")
    assert len(files_below(media)) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_who_press_at_once_make_one_run(cast, tree):
    ready, found = threading.Barrier(8), []

    def press():
        try:
            ready.wait(10)
            row = HandbookRun(unit=tree.anji, purpose="年度考核备案")
            found.append(runs.start(row, by=cast.county, key=uuid.uuid4()).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(found), len({*found}), HandbookRun.objects.count()) == (8, 1, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_grow_by_the_same_number_for_each_pair(
    cast, tree, number, django_assert_num_queries
):
    for place in range(number - 1):
        couple(tree.dipu, f"师傅{place}", f"徒弟{place}")
    run = asked(cast.county, tree.anji)
    ran(cast.township, tree.shangshu)  # what a process asks once
    with django_assert_num_queries(17 + 12 * number):
        many.run(run.pk)


def test_after_seven_days_files_go_and_with_them_what_dead_workers_left(cast, tree, media):
    run = ran(cast.county, tree.anji)
    kept = ran(cast.township, tree.shangshu)
    orphan = media / run.folder / "0123.zip"
    orphan.write_bytes(b"PK")
    later = timezone.now() + dt.timedelta(days=7, minutes=1)
    HandbookRun.objects.filter(pk=kept.pk).update(ended_at=later)
    assert remove_old(later) == 1
    assert remove_old(later) == 0
    run.refresh_from_db()
    assert (run.file.name, run.removed_at, run.state) == ("", later, "done")
    kept.refresh_from_db()
    assert [Path(kept.file.path)] == files_below(media)


def test_files_that_the_storage_keeps_are_tried_again_and_keep_no_others(
    cast, tree, media, monkeypatch, caplog
):
    stuck, free = ran(cast.county, tree.anji), ran(cast.township, tree.shangshu)
    later, delete = timezone.now() + dt.timedelta(days=8), default_storage.delete

    def refuse(name):
        if str(stuck.pk) in name:
            raise PermissionError(name)
        delete(name)

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", refuse)
        with pytest.raises(ExceptionGroup):
            remove_old(later)
    assert str(stuck.pk) in caplog.text
    stuck.refresh_from_db()
    free.refresh_from_db()
    assert (stuck.removed_at, free.removed_at) == (None, later)
    assert [Path(stuck.file.path)] == files_below(media)
    assert remove_old(later) == 1
    assert files_below(media) == []


def test_the_lease_is_the_houses():
    assert issubclass(many.Lease, leasing.Lease)
