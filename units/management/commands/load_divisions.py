from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from units import divisions

SHOWN = 200


class Command(BaseCommand):
    help = "Load a table of divisions: csv or csv.gz with columns code,name,level,parent_code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = divisions.load(divisions.read(options["file"]))
        except divisions.Refused as refused:
            for fault in refused.faults[:SHOWN]:
                self.stderr.write(fault)
            if (more := len(refused.faults) - SHOWN) > 0:
                self.stderr.write(_("and %(count)s more faults") % {"count": more})
            raise CommandError(_("Nothing was saved.")) from None
        for lines in (report.renamed, report.kept, report.repeated):
            for line in lines:
                self.stdout.write(line)
        counts = {
            "created": report.created,
            "renamed": len(report.renamed),
            "unchanged": report.unchanged,
            "kept": len(report.kept),
            "repeated": len(report.repeated),
        }
        self.stdout.write(
            _(
                "Created %(created)s, renamed %(renamed)s, unchanged %(unchanged)s, "
                "kept in place %(kept)s, repeated codes %(repeated)s."
            )
            % counts
        )
