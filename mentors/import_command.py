"""The command line of a roster, the same for each kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from cadres.reading import Unreadable
from mentors.reports import Fault, Importer, Report


class ImportCommand(BaseCommand):
    """Imports a file as a coordinator; exit code 1, and nothing saved, when there are errors.

    `--json` prints `{"rows", "created", "updated", "unchanged", "errors": [{"row", "column",
    "message"}]}`; `row` is the number in the sheet, null for the file as a whole.
    """

    importer: Importer

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME")
        parser.add_argument("--dry-run", action="store_true", help="check, and save nothing")
        parser.add_argument("--json", action="store_true", dest="is_json")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._coordinator(options["username"])
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(
                _("The file cannot be opened: %(file)s") % {"file": options["file"]}
            ) from error
        try:
            parsed = self.importer.parse(content)
            report = self.importer.report(parsed, by=user, is_dry=options["dry_run"])
        except Unreadable as problem:
            fault = Fault(row=None, column="", message=str(problem))
            report = Report.of_faults(0, [fault])
        if options["is_json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._tell(report, is_dry=options["dry_run"])
        if report.errors:
            raise CommandError(
                _("%(count)s errors; nothing was saved.") % {"count": len(report.errors)}
            )

    def _coordinator(self, username: str) -> User:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": username})
        if not user.is_coordinator:
            raise CommandError(_("%(name)s is coordinator of no unit.") % {"name": username})
        return user

    def _tell(self, report: Report, *, is_dry: bool) -> None:
        for fault in report.errors:
            place = _("row %(row)s, %(column)s") % fault if fault["row"] else _("file")
            self.stdout.write(f"{place}: {fault['message']}")
        if not report.errors:
            sentence = (
                _(
                    "Checked, nothing saved: %(rows)s rows, %(created)s new, "
                    "%(updated)s changed, %(unchanged)s unchanged."
                )
                if is_dry
                else _(
                    "Imported: %(rows)s rows, %(created)s new, "
                    "%(updated)s changed, %(unchanged)s unchanged."
                )
            )
            self.stdout.write(sentence % report.as_json())
