"""The command line of a roster, the same for each kind: the engine of the pages, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from rosters import batches, book, headings, working
from rosters.kinds import kind_of
from rosters.models import Batch
from rosters.states import GOOD, Outcome, State


class ImportCommand(BaseCommand):
    """Imports a file as a coordinator; exit code 1, and nothing saved, when there are errors.

    `--json` prints `{"rows", "created", "updated", "unchanged", "errors": [{"row", "column",
    "message"}]}`; `row` is the number in the sheet, null for the file as a whole. Columns are
    taken as they are proposed; what a user would have to decide is an error here.
    """

    kind_code: str

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
            with transaction.atomic():
                batch = batches.upload(self.kind_code, content, options["file"].name, user)
                report = self._run(batch, user, is_dry=options["dry_run"])
                if options["dry_run"]:  # nothing is left behind, not even the batch
                    transaction.set_rollback(True)
        except book.Unreadable as problem:
            report = _of_the_file(str(problem))
        self._print(report, is_json=options["is_json"], is_dry=options["dry_run"])

    def _coordinator(self, username: str) -> User:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": username})
        if not user.is_coordinator:
            raise CommandError(_("%(name)s is coordinator of no unit.") % {"name": username})
        return user

    def _run(self, batch: Batch, user: User, *, is_dry: bool) -> dict[str, Any]:
        """The steps one after the other, within one transaction."""
        working.run(batch.pk)
        batch.refresh_from_db()
        kind = kind_of(self.kind_code)
        if batch.state == State.MAPPING:
            missing = headings.missing(batch.mapping, kind)
            if missing:
                sentence = _("Required columns are missing: %(columns)s.")
                raise book.Unreadable(sentence % {"columns": "、".join(missing)})
            batches.confirm_mapping(batch, batch.mapping, user)
            working.run(batch.pk)
            batch.refresh_from_db()
        if batch.state == State.FAILED:
            return _of_the_file(batch.failure)
        report = _report(batch)
        if report["errors"] or is_dry:
            if batch.state == State.CHECKED:
                batches.discard(batch, user)
            return report
        batches.confirm(batch, user)
        working.run(batch.pk)
        batch.refresh_from_db()
        return report if batch.state == State.DONE else _of_the_file(batch.failure)

    def _print(self, report: dict[str, Any], *, is_json: bool, is_dry: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report, is_dry=is_dry)
        if report["errors"]:
            raise CommandError(
                _("%(count)s errors; nothing was saved.") % {"count": len(report["errors"])}
            )

    def _tell(self, report: dict[str, Any], *, is_dry: bool) -> None:
        for fault in report["errors"]:
            place = _("row %(row)s, %(column)s") % fault if fault["row"] else _("file")
            self.stdout.write(f"{place}: {fault['message']}")
        if not report["errors"]:
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
            self.stdout.write(sentence % report)


def _of_the_file(sentence: str) -> dict[str, Any]:
    fault = {"row": None, "column": "", "message": sentence}
    return {"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "errors": [fault]}


def _report(batch: Batch) -> dict[str, Any]:
    names = {column.field: column.name for column in kind_of(batch.kind).columns}
    errors = [
        {
            "row": row.number,
            "column": names.get(fault["column"], ""),
            "message": fault["message"],
        }
        for row in batch.rows.filter(outcome__in=(Outcome.WRONG, Outcome.DOUBT)).order_by(
            "sheet", "number"
        )
        for fault in row.faults
    ]
    rows = sum(count for key, count in batch.counts.items() if key in Outcome.values)
    done = {key: 0 if errors else batch.counts.get(key, 0) for key in GOOD}
    return {
        "rows": rows,
        "created": done[Outcome.NEW],
        "updated": done[Outcome.CHANGED],
        "unchanged": done[Outcome.SAME],
        "errors": errors,
    }
