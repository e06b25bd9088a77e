"""The county's figures as a file, by the office's engineer."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from stats import exports, figures
from units.models import Kind, Unit

LENGTHS = {2, 4, 6, 9, 12}  # digits of a code down to each level


class Command(BaseCommand):
    help = "Write the figures of a unit on a day as XLSX, CSV or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--kind", choices=Kind.values, help="of two units with one code")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="today when left out")
        parser.add_argument("--format", required=True, choices=list(exports.WRITERS))
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.add_argument("--as", dest="username", help="only units that this user may see")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = find_unit(options["unit"], kind=options["kind"], username=options["username"])
        table = figures.table(unit, read_day(options["as_of"]))
        content = exports.WRITERS[options["format"]].write(table)
        try:
            Path(options["out"]).write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s")
                % {"file": options["out"], "reason": error.strerror}
            ) from None
        self.stdout.write(
            _("%(title)s as of %(as_of)s: %(rows)s rows in %(file)s")
            % {
                "title": exports.title_of(table),
                "as_of": table.cut.words["as_of"],
                "rows": len(table.lines),
                "file": options["out"],
            }
        )


def read_day(text: str | None) -> dt.date:
    today = timezone.localdate()
    try:
        day = dt.date.fromisoformat(text) if text else today
    except ValueError:
        raise CommandError(
            _("%(text)s is no date: write it as 2026-06-30.") % {"text": text}
        ) from None
    if day > today:
        raise CommandError(_("The cut-off date cannot be later than today."))
    return day


def find_unit(code: str, *, kind: str | None, username: str | None) -> Unit:
    """The unit with this code (short ones are filled up with zeros), CommandError otherwise.

    A city without districts shares its code with the county below it (东莞市): then `--kind`
    must say which, since the two tables have different rows.
    """
    whole = code.ljust(12, "0") if len(code) in LENGTHS else code
    units = Unit.objects.all()
    if username is not None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": username})
        units = units.visible_to(user)
    found = list(units.filter(code=whole, **({"kind": kind} if kind else {})))
    if not found:
        raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code})
    if len(found) > 1:
        listed = "、".join(f"{each.name}（--kind {each.kind}）" for each in found)
        raise CommandError(
            _("Several units have the code %(code)s: %(units)s. Add --kind.")
            % {"code": code, "units": listed}
        )
    return found[0]
