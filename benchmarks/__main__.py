"""`make bench`: what a user waits for, beside what they would use otherwise, and the limit.

On the demo's data and on ten times that, in a database of its own; writes docs/benchmarks.md.
`python -m benchmarks --scales 1 --rounds 5` is a quick look. `--nation 0.1 --one-in 10` measures
the figures of a nation instead (docs/nation.md), each scale in a process and a database of its
own, and prints; with `--out docs/benchmarks-nation.md` it writes.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.timing import Row

ROOT = Path(__file__).resolve().parent.parent
MENTORS, MENTEES = 1360, 3000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument(
        "--registers", type=int, nargs="*", default=[10_000, 100_000, 1_000_000],
        help="rows of the registers that are exported",
    )  # fmt: skip
    parser.add_argument(
        "--lists", type=int, nargs="*", default=[100_000], help="rows of long lists"
    )
    parser.add_argument("--rosters", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--nation", type=float, nargs="+", metavar="SCALE", help="a nation's figures instead"
    )
    parser.add_argument(
        "--one-in", type=int, default=1, help="of so many counties one has people (with --nation)"
    )
    parser.add_argument("--out", type=Path, help="docs/benchmarks.md, of a nation none")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.nation and (options.out or len(options.nation) > 1):
        run_nations(options)
        return
    folder = Path(tempfile.mkdtemp(prefix="bangdai-bench-"))
    folder.chmod(0o755)
    os.environ["BANGDAI_VAR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "mentoring.settings"
    os.environ.pop("DATABASE_URL", None)
    os.environ["BROKER_URL"] = "memory://"  # nobody is woken: what works is started here
    from mentoring import embedded

    embedded.VAR = folder
    embedded.provide_database()
    try:
        run_nation(options) if options.nation else run(options)
    finally:
        # The server stops at exit and does not miss its folder.
        shutil.rmtree(folder / "static", ignore_errors=True)


def run(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import (
        beside,
        certificates,
        exports,
        lists,
        long_lists,
        matching,
        rosters,
        sealing,
        table,
    )
    from mentoring.demo import seeding

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    rows: list[Row] = []
    seeded = []
    for scale in options.scales:
        seeding.throw_away()
        began = time.monotonic()
        counts = seeding.seed(
            mentors=MENTORS * scale,
            mentees=MENTEES * scale,
            seed=2004,
            today=timezone.localdate(),
        )
        records = counts["Session"] + counts["Visit"] + counts["Assignment"]
        size = f"{scale}× ({(MENTORS + MENTEES) * scale:,} people, {records:,} records)"
        seeded.append((size, time.monotonic() - began))
        analyze()
        for part in (lists, table, certificates, sealing):
            rows += part.measure(size, rounds=options.rounds)
            print(f"{size}: {part.__name__} done", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        rows += rosters.measure(Path(folder), plan={"ours": options.rosters, "theirs": [1_000]})
    for size in options.lists:
        rows += long_lists.measure(size, rounds=min(options.rounds, 9))
        print(f"{size:,} rows: {long_lists.__name__} done", flush=True)
    for size in options.registers:  # last: they take the place of the demo's people
        rows += exports.measure(size, rounds=3)
        print(f"{size:,} rows: {exports.__name__} done", flush=True)
    drafts = "\n".join(matching.report()) + "\n"
    out = options.out or ROOT / "docs" / "benchmarks.md"
    out.write_text(report(rows, seeded) + drafts + beside.report(), encoding="utf-8")
    print(out.read_text(encoding="utf-8"))


NATION_HEAD = """# Benchmarks of a nation

Made by `python -m benchmarks --nation {scales} --one-in {one_in}`; do not edit by hand.
Milliseconds of server time, {cores} cores, PostgreSQL as it comes; see [nation.md](nation.md).

"""


def run_nations(options: argparse.Namespace) -> None:
    """Each scale in a process of its own; what is measured is kept although a later one fails."""
    scales = " ".join(f"{scale:g}" for scale in options.nation)
    parts = [NATION_HEAD.format(scales=scales, one_in=options.one_in, cores=os.cpu_count())]
    for scale in options.nation:
        asked = ["--nation", str(scale), "--one-in", str(options.one_in)]
        command = [sys.executable, "-m", "benchmarks", *asked, "--rounds", str(options.rounds)]
        run = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        parts.append(run.stdout)
        print(run.stdout, flush=True)
        if options.out:
            options.out.write_text("\n".join(parts), encoding="utf-8")


def run_nation(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks import nation

    (scale,) = options.nation
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    size = f"{scale:g}" + (f", one county in {options.one_in}" if options.one_in > 1 else "")
    seeded = nation.seed(scale, options.one_in)
    measured = nation.measure(rounds=options.rounds)
    print(nation.report(size, seeded, measured, nation.writers()))


def analyze() -> None:
    """A database in use has its statistics; autovacuum would gather them within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def report(rows: list[Row], seeded: list[tuple[str, float]]) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`; do not edit. Medians of interleaved runs in one process, in",
        "milliseconds; ratios count, absolute times belong to the machine "
        f"({os.cpu_count()} cores, Python {platform.python_version()}).",
        "",
    ]
    lines += [f"- demo data {size}: seeded in {seconds:.0f} s" for size, seconds in seeded]
    for what in dict.fromkeys(row.what for row in rows):
        lines += ["", f"## {what}", "", "| on | way | median ms | ratio |", "|---|---|--:|--:|"]
        lines += [
            f"| {row.size} | {row.way} | {row.median:.2f} | {row.ratio:.2f} |"
            for row in rows
            if row.what == what
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
