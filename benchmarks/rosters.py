"""A county's roster from the workbook into the register: ours, and django-import-export doing the
same on the same models. Each run is a process of its own, so that its memory is its own.

`python -m benchmarks.rosters ours 10000` (with DATABASE_URL) prints one run as JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import xlsxwriter

from benchmarks.timing import Row
from cadres import identity

HEADINGS = (
    "姓名", "性别", "出生年月", "民族", "身份证号", "政治面貌", "全日制学历", "在职学历",
    "参加工作时间", "单位", "职务", "人员类别", "手机号", "导师类型", "帮带名额", "帮带对象类别",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国红梅志文斌晓东海燕"
OURS, THEIRS = "ours", "theirs"
WAYS = {
    OURS: "Bangdai: read, checked, saved, with undo and report",
    THEIRS: "django-import-export: dry run and import, no report kept, no undo",
}


def workbook(rows: int, units: list[str], *, seed: int = 2004) -> bytes:
    """Invented people with right ID numbers; one in fifty is a mentor, one in ten a mentee."""
    chance, target = random.Random(seed), io.BytesIO()  # noqa: S311
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(rows):
        gender, order, day = number % 2, number % 500, number // 500 % 28
        year, month = 1966 + number // 14_000 % 38, chance.randint(1, 12)
        first = f"330523{year}{month:02d}{day + 1:02d}{order * 2 + gender:03d}"
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2))
        is_mentor, is_mentee = number % 50 == 0, number % 10 == 1
        cells = (
            name, "男" if gender else "女", f"{year}.{month:02d}", "汉",
            first + identity.check_digit(first), chance.choice(["中共党员", "群众", "共青团员"]),
            chance.choice(["大学本科", "大专", "硕士研究生"]), "大学本科",
            f"{year + 20}.07", units[number % len(units)],
            chance.choice(["组织委员", "副乡长", "党建办干部", "村党总支书记"]),
            chance.choice(["行政", "事业", "村干部"]), f"138{number:08d}",
            "其他" if is_mentor else None, 3 if is_mentor else None, "其他" if is_mentee else None,
        )  # fmt: skip
        for at, cell in enumerate(cells):
            if cell is not None:
                sheet.write(number + 1, at, cell)
    book.close()
    return target.getvalue()


class Peak:
    """The most memory that this process and its children held at once, looked at twenty times a
    second."""

    def __init__(self) -> None:
        self.bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process()
        while not self._over.wait(0.05):
            held = process.memory_info().rss
            for child in process.children(recursive=True):
                try:
                    held += child.memory_info().rss
                except psutil.Error:
                    continue
            self.bytes = max(self.bytes, held)


def ours(_content: bytes, user: Any) -> dict[str, float]:
    """The worker's part: the web process has uploaded the file."""
    from rosters import batches, working
    from rosters.models import Batch
    from rosters.states import State

    batch = Batch.objects.get()
    began = time.monotonic()
    working.run(batch.pk)
    checked = time.monotonic()
    batch.refresh_from_db()
    if batch.state != State.CHECKED:
        raise RuntimeError(f"{batch.state} {batch.failure} {batch.mapping.get('doubts')}")
    batches.confirm(batch, user, is_partial=True)
    working.run(batch.pk)
    saved = time.monotonic()
    batch.refresh_from_db()
    if batch.state != State.DONE:
        raise RuntimeError(f"{batch.state} {batch.failure}")
    return {"checked": checked - began, "saved": saved - checked, **batch.counts}


def theirs(content: bytes, user: Any) -> dict[str, float]:
    """The same words, months, units, digests and matching, in its own hooks, a row at a time."""
    import tablib

    from benchmarks.roster_resource import CadreResource

    began = time.monotonic()
    data = tablib.Dataset().load(content, format="xlsx")
    first = CadreResource(user).import_data(data, dry_run=True)
    checked = time.monotonic()
    second = CadreResource(user).import_data(data, dry_run=False)
    saved = time.monotonic()
    if first.has_errors() or second.has_errors():
        error = (first.row_errors() or second.row_errors())[0][1][0]
        raise RuntimeError(error.traceback)
    return {"checked": checked - began, "saved": saved - checked, **second.totals}


def one(way: str, path: Path) -> dict[str, float]:
    """In a process of its own."""
    import django

    django.setup()
    from accounts.models import User

    user = User.objects.get(username="demo.shi")
    content = path.read_bytes() if way == THEIRS else b""
    before = _processor()
    with Peak() as peak:
        measured = {OURS: ours, THEIRS: theirs}[way](content, user)
    return {**measured, "peak": peak.bytes / 2**20, "cpu": _processor() - before}


def _processor() -> float:
    """Seconds of this process, its children and the database's process for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    own = os.times()
    return sum(own[:4]) + backend.user + backend.system


def forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cadres_cadre, rosters_batch CASCADE")


def measure(folder: Path, *, plan: dict[str, list[int]]) -> list[Row]:
    """Fresh tables before each run; `plan` says how many rows in which way."""
    from accounts.models import User
    from cadres.places import Places
    from rosters import batches

    user = User.objects.get(username="demo.shi")
    places = Places(user)
    units = [places.label(unit) for unit in places.units.values()][:400]
    found: list[Row] = []
    first: dict[int, float] = {}
    for way, sizes in plan.items():
        for rows in sizes:
            forget()
            path = folder / f"roster-{rows}.xlsx"
            if not path.exists():
                path.write_bytes(workbook(rows, units))
            if way == OURS:
                batches.upload("cadres", path.read_bytes(), path.name, user)
            run = subprocess.run(
                [sys.executable, "-m", "benchmarks.rosters", way, str(path)],
                stdout=subprocess.PIPE, check=True, env=os.environ.copy(),
            )  # fmt: skip
            said = json.loads(run.stdout)
            total = said["checked"] + said["saved"]
            each = total / rows
            first.setdefault(0, each)
            size = (
                f"{rows:,} rows × {len(HEADINGS)}: checked {said['checked']:.1f} s, "
                f"saved {said['saved']:.1f} s, "
                f"processor {said['cpu']:.1f} s, {said['peak']:.0f} MB"
            )
            found.append(
                Row("A roster into the register (ratio by row)", size, WAYS[way],
                    total * 1000, each / first[0])
            )  # fmt: skip
            print(found[-1], said, flush=True)
    forget()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rosters")
    parser.add_argument("way", choices=[OURS, THEIRS])
    parser.add_argument("workbook", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    print(json.dumps(one(asked.way, asked.workbook)))
