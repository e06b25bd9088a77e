"""`python -m benchmarks.sealing`: sealing the figures of a county and of a city.

All figures counted, the rows behind them kept and hashed, rolled back each time; and the same
question asked again. Beside it the limits: a plain COPY of the same rows into an empty table, and
SHA-256 over the same bytes. Medians of interleaved runs in one process, in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import Row, compare

CITY, COUNTY = "330500000000", "330523000000"
MENTORS, MENTEES = 1_400, 3_000  # of Huzhou


def measure(size: str, *, rounds: int) -> list[Row]:
    """On the demo's data: a row for each way, of Anji and of the whole city."""
    from units.models import Unit

    found: list[Row] = []
    for code in (COUNTY, CITY):
        found += _of_unit(Unit.objects.get(code=code), size, rounds)
    return found


def _of_unit(unit: object, size: str, rounds: int) -> list[Row]:
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.models import User
    from snapshots import differences, sealing
    from stats import figures
    from stats.cuts import Cut
    from units.models import Unit

    if not isinstance(unit, Unit):
        raise TypeError(unit)
    cut = Cut.at(timezone.localdate() - dt.timedelta(days=30))
    user = User.objects.get(username="demo.shi")
    sealed = sealing.seal(unit, cut, purpose="基准", by=user)
    kept = _copied(sealed.pk)

    def seal() -> None:
        with transaction.atomic():
            sealing.seal(unit, cut, purpose="基准", by=user)
            transaction.set_rollback(True)

    def copy() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE plain (base text, key uuid, place text, cell jsonb)"
                " ON COMMIT DROP"
            )
            cursor.copy_expert("COPY plain FROM STDIN", io.BytesIO(kept))

    ways: dict[str, Callable[[], object]] = {
        "Bangdai: sealed with its rows": seal,
        "figures alone": lambda: figures.table(unit, cut.as_of),
        "asked again, rows compared": lambda: (
            differences.figures_changed(sealed),
            differences.parts(sealed, user),
        ),
        "checked: rows and figures hashed anew": lambda: sealing.is_whole(sealed),
        "limit: COPY of the same rows": copy,
        "limit: SHA-256 of the same bytes": lambda: hashlib.sha256(kept).digest(),
    }
    what = f"Figures sealed: {unit.name}, {sealed.row_count:,} rows, {len(kept) / 1e6:.1f} MB"
    return compare(what, size, ways, rounds=rounds)


def _copied(snapshot: object) -> bytes:
    from django.db import connection

    rows = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(
            "COPY (SELECT base, key, place, cell FROM snapshots_snapshotrow"
            " WHERE snapshot_id = %s ORDER BY base, key) TO STDOUT",
            [str(snapshot)],
        )
        cursor.copy_expert(statement.decode(), rows)
    return rows.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sealing", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="so many times the people of Huzhou")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bangdai-bench-"))
    folder.chmod(0o755)
    os.environ |= {
        "BANGDAI_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "BROKER_URL": "memory://",
    }
    os.environ.pop("DATABASE_URL", None)
    from mentoring import embedded

    embedded.VAR = folder
    embedded.provide_database(cleanup="delete")
    _run(options)


def _run(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.__main__ import analyze
    from mentoring.demo import seeding

    call_command("migrate", verbosity=0)
    seeding.seed(
        mentors=MENTORS * options.scale,
        mentees=MENTEES * options.scale,
        seed=2004,
        today=timezone.localdate(),
    )
    analyze()
    for row in measure(f"{options.scale}×", rounds=options.rounds):
        print(f"{row.what} | {row.way} | {row.median:.1f} ms | {row.ratio:.3f}")


if __name__ == "__main__":
    main()
