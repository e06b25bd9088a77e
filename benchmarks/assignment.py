"""The whole job of an assignment on PostgreSQL: both sides read, the best list found and written.

`python -m benchmarks.assignment MENTEES MENTORS COUNTIES` in a process with a database of its own,
people made by SQL; prints the figures of the run, the seconds of the whole job and the peak memory.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.timing import peak_megabytes

TOWNSHIPS, VILLAGES = 15, 12


def main() -> None:
    mentees, mentors, counties = map(int, sys.argv[1:])
    folder = Path(tempfile.mkdtemp(prefix="bangdai-assign-"))
    folder.chmod(0o755)
    os.environ["BANGDAI_VAR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "mentoring.settings"
    os.environ.pop("DATABASE_URL", None)
    os.environ["BROKER_URL"] = "memory://"
    from mentoring import embedded

    embedded.VAR = folder
    embedded.provide_database()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measure(mentees, mentors, counties)


def measure(mentees: int, mentors: int, counties: int) -> None:
    from programmes import assigning
    from programmes.models import AssignmentRun, Programme
    from programmes.states import State

    city = make(mentees, mentors, counties)
    programme = Programme.objects.create(
        unit=city, year=2026, title="2026", from_on=dt.date(2026, 12, 1), state=State.MATCHING
    )
    run = AssignmentRun.objects.create(programme=programme)
    before, began = peak_megabytes(), time.perf_counter()
    assigning.run(run.pk)
    seconds = time.perf_counter() - began
    run.refresh_from_db()
    figures = {**run.figures, "left": len(run.figures["left"])}
    sys.stdout.write(
        f"{run.state} {figures} job {seconds:.1f} s, {peak_megabytes()} MB (before: {before}),"
        f" {programme.planned.count()} rows\n"
    )


def make(mentees: int, mentors: int, counties: int):
    from django.db import connection

    from cadres.models import MenteeCategory
    from mentors.models import MentorCategory
    from pairings.matching.tables import FIT
    from units.models import Unit

    def unit(name: str, kind: str, parent: Unit | None) -> Unit:
        return Unit.objects.create(name=name, kind=kind, parent=parent)

    city = unit("市", "city", unit("省", "province", None))
    for c in range(counties):
        county = unit(f"县{c}", "county", city)
        for t in range(TOWNSHIPS):
            township = unit(f"乡{t}", "township", county)
            for v in range(VILLAGES):
                unit(f"村{v}", "village", township)
    kinds = MentorCategory.objects.filter(name__in={name for name, _ in FIT})
    needs = MenteeCategory.objects.filter(name__in={name for _, name in FIT})
    values = {
        "mentees": mentees, "mentors": mentors,
        "kinds": list(kinds.values_list("pk", flat=True)),
        "needs": list(needs.values_list("pk", flat=True)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), values)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return city


if __name__ == "__main__":
    main()
