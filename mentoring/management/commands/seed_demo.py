from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentoring.demo import accounts, seeding


class Command(BaseCommand):
    help = "Fill an empty database with Huzhou's divisions and invented people and pairs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mentors", type=int, default=1360)
        parser.add_argument("--mentees", type=int, default=3000)
        parser.add_argument("--seed", type=int, default=2004)
        parser.add_argument("--today", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is data")
        parser.add_argument("--again", action="store_true", help="throw the demo away first")
        parser.add_argument("--sign-ins", action="store_true", help="print the demo's sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            self.stdout.write("\n".join(accounts.lines()))
            return
        if not seeding.is_empty():
            if options["if_empty"]:
                self.stdout.write("已有数据，不再生成")
                return
            if not options["again"]:
                raise CommandError("库中已有数据。重新生成演示数据请加 --again。")
            if not seeding.is_demo():
                raise CommandError("库中有演示账号以外的账号，不能清空。未作任何改动。")
            seeding.throw_away()
        began = time.monotonic()
        counts = seeding.seed(
            mentors=options["mentors"],
            mentees=options["mentees"],
            seed=options["seed"],
            today=options["today"] or timezone.localdate(),
        )
        records = counts["Session"] + counts["Visit"] + counts["Assignment"]
        self.stdout.write(
            f"导师 {counts['Mentor']} 人，帮带对象 {counts['Mentee']} 人，"
            f"结对 {counts['Pairing']} 对，记录 {records} 条"
        )
        self.stderr.write(f"{time.monotonic() - began:.1f} s")
