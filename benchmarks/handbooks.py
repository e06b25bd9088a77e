"""`python -m benchmarks.handbooks`: handbooks of nine years, and those of a thousand pairs.

One pair's handbook by Bangdai from its rows (queries, fonts, typst), beside typst alone with the
same text and beside typst with the plainest page. Then `--pairs` of them by the worker into one
ZIP: seconds and the peak of memory, in a process of its own. The texts are varied: one word in
ten comes from beyond the common characters, some records are a line and some fill a page.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.timing import Row
    from pairings.models import Pairing
    from units.models import Unit

ROOT = Path(__file__).resolve().parent.parent
TODAY = dt.date(2026, 11, 23)
YEARS = 9
_COMMON = "乡村干部走访群众家里问清情况记下来回去和导师商量办法后又到现场看了水渠路灯茶园账本会议"
_PLAIN = """#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm))
#set text(font: json(bytes(sys.inputs.families)), size: 156mm / 28, fallback: false)
#for line in json(bytes(sys.inputs.lines)) { par(line) }
"""


def words(chance: random.Random, length: int) -> str:
    """Text whose characters are common ones and, one in ten, any of the 20,902 of CJK."""
    signs = [
        chr(chance.randrange(0x4E00, 0x9FA6)) if chance.random() < 0.1 else chance.choice(_COMMON)
        for _ in range(length)
    ]
    return "".join(sign if place % 17 else f"{sign}，" for place, sign in enumerate(signs))


def keep_records(pairs: list[Pairing], *, years: int) -> None:
    """A session, a visit and every third month an assignment a month and pair, for so long."""
    from activities.models import Assignment, Session, Visit

    chance = random.Random(2004)  # noqa: S311  # texts are no secret
    sessions, visits, assignments = [], [], []
    for pairing in pairs:
        where: dict[str, Any] = {"pairing": pairing, "unit": pairing.unit}
        for month in range(years * 12):
            day = dt.date(TODAY.year - years + month // 12, month % 12 + 1, 1 + month % 28)
            length = chance.choice((30, 80, 200, 200, 600))
            sessions.append(
                Session(happened_on=day, method="on_site", topic=words(chance, 12),
                        content=words(chance, length), **where)
            )  # fmt: skip
            visits.append(
                Visit(happened_on=day, visited="household", people_count=3,
                      place_text=words(chance, 6), asked=words(chance, 60),
                      done=words(chance, 60), **where)
            )  # fmt: skip
            if month % 3 == 0:
                assignments.append(
                    Assignment(due_on=day, title=words(chance, 12), body=words(chance, 80), **where)
                )
    for model, rows in ((Session, sessions), (Visit, visits), (Assignment, assignments)):
        for row in rows:
            row.put_in(row.unit)
        model.objects.bulk_create(rows, batch_size=2_000)


def office(name: str, pairs: int) -> tuple[Any, Unit, list[Pairing]]:
    """A coordinator of a county with so many pairs, five a mentor."""
    from accounts.models import Role
    from tests.factories import (
        make_cadre,
        make_grants,
        make_mentor,
        make_pairing,
        make_unit,
        make_users,
    )

    county = make_unit(name=f"{name}县", kind="county")
    township = make_unit(name=f"{name}乡", kind="township", parent=county)
    user = make_users(**{f"office_{pairs}": "组织部"})[f"office_{pairs}"]
    make_grants((user, Role.COORDINATOR, county))
    made, mentor = [], None
    for number in range(pairs):
        if mentor is None or number % 5 == 0:
            mentor = make_mentor(cadre=make_cadre(unit=township, name=f"师傅{number}"), capacity=9)
        mentee = make_cadre(unit=township, name=f"徒弟{number}")
        made.append(make_pairing(mentor=mentor, mentee=mentee))
    return user, county, made


def measure(size: str, *, rounds: int) -> list[Row]:
    """One pair of nine years, in a process that is warm and in one that is not."""
    import typst

    from benchmarks.timing import compare
    from core import glyphs
    from handbooks import rendering
    from handbooks.gathering import gather
    from handbooks.printing import printed

    user, _county, (pairing,) = office("甲", 1)
    keep_records([pairing], years=YEARS)
    facts = gather(pairing, user, TODAY)
    lines = [
        line
        for month in facts["months"]
        for entry in month["entries"]
        for line in (entry["title"], *entry["lines"])
    ]
    text = json.dumps(facts, ensure_ascii=False)
    text, choice = rendering._drawable(text, names="")
    page = Path(os.environ["BANGDAI_VAR"]) / "plain.typ"
    page.write_text(_PLAIN, encoding="utf-8")
    plain = typst.Compiler(page, font_paths=choice.fonts)
    given = {
        "lines": json.dumps(lines, ensure_ascii=False),
        "families": json.dumps(choice.families, ensure_ascii=False),
    }

    def cold() -> bytes:
        rendering._compiler.cache_clear()
        glyphs._coverage.cache_clear()
        glyphs._shipped.cache_clear()
        glyphs._installed.cache_clear()
        return printed(pairing, user)

    pages = printed(pairing, user).count(b"/Type/Page/") or "many"
    return compare(
        "A pair's handbook as PDF",
        f"{size}: {len(lines)} lines, {sum(map(len, lines)):,} characters, {pages} pages",
        {
            "Bangdai: rows to PDF": lambda: printed(pairing, user),
            "Bangdai: the first of a process": cold,
            "typst with the same page, texts at hand": lambda: rendering.render(facts),
            "limit: typst, plain paragraphs of the same text": lambda: plain.compile(
                format="pdf", sys_inputs=given
            ),
        },
        rounds=rounds,
    )


def many(pairs: int, years: int) -> None:
    """All of them into one ZIP, by the worker's own code; what it took, printed."""
    from benchmarks.timing import peak_megabytes
    from handbooks import many as worker
    from handbooks.models import HandbookRun

    run = HandbookRun.objects.get()
    before, began, worked = peak_megabytes(), time.perf_counter(), time.process_time()
    worker.run(run.pk)
    taken, worked = time.perf_counter() - began, time.process_time() - worked
    run.refresh_from_db()
    each = taken / max(run.made, 1) * 1000
    sys.stdout.write(
        f"{run.made} of {pairs} handbooks of {years} years into one ZIP of "
        f"{run.size / 1_000_000:.0f} MB: {taken:.1f} s ({each:.0f} ms each; {worked:.1f} s of the "
        f"worker's own processor), {run.left_out} left out, {run.state}; peak "
        f"{peak_megabytes()} MB ({before} before)\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.handbooks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--years", type=int, default=1, help="of records, of the many pairs")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    import django

    if options.alone:
        django.setup()
        many(options.pairs, options.years)
        return
    with tempfile.TemporaryDirectory(prefix="bangdai-handbooks-", ignore_cleanup_errors=True) as d:
        _prepare(Path(d))
        django.setup()
        _run(options)


def _prepare(folder: Path) -> None:
    folder.chmod(0o755)
    os.environ |= {
        "BANGDAI_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "BROKER_URL": "memory://",
    }  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    from mentoring import embedded

    embedded.VAR = folder
    embedded.provide_database(folder / "postgres")


def _run(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from handbooks.models import HandbookRun

    call_command("migrate", verbosity=0)
    for row in measure(f"{YEARS} years", rounds=options.rounds):
        print(f"{row.what} | {row.size} | {row.way} | {row.median:.0f} ms | {row.ratio:.2f}")
    user, county, pairs = office("乙", options.pairs)
    keep_records(pairs, years=options.years)
    HandbookRun.objects.create(unit=county, created_by=user, purpose="年度考核备案")
    command = [sys.executable, "-m", "benchmarks.handbooks", "--alone",
               "--pairs", str(options.pairs), "--years", str(options.years)]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
