"""For maintainers who measure: see docs/nation.md."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from mentoring.demo import nation
from mentoring.embedded import ROOT
from units import divisions
from units.models import Kind, Unit

DIVISIONS = ROOT / "data" / "china_divisions_to_township.csv.gz"


class Command(BaseCommand):
    help = "Fill an empty database with all counties, a million invented pairs, their records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="0.01: ten thousand pairs")
        parser.add_argument("--seed", type=int, default=2004)
        parser.add_argument("--divisions", type=Path, default=DIVISIONS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not nation.is_empty():
            raise CommandError("库中已有人员，不能生成全国数据。未作任何改动。")
        began = time.monotonic()
        divisions.load(divisions.read(options["divisions"]))
        counties = Unit.objects.filter(kind=Kind.COUNTY).count()
        self.stdout.write(f"{counties:,} counties: {time.monotonic() - began:.0f} s")
        for written in nation.seed(
            scale=options["scale"], seed=options["seed"], today=timezone.localdate()
        ):
            rate = written.rows / max(written.seconds, 0.001)
            self.stdout.write(
                f"{written.table}: {written.rows:,} rows, {written.seconds:.1f} s,"
                f" {rate:,.0f} a second"
            )
            self.stdout.flush()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        if found := nation.faults():
            raise CommandError(f"The rows are not what triggers would have let in: {found}")
        self.stdout.write(f"checked; {time.monotonic() - began:.0f} s in all")
