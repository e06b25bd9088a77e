from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import founding
from units.models import Unit


class Command(BaseCommand):
    help = "Open the first three administrators over a unit and print their first passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="division code, such as 330523000000")

    def handle(self, *args: Any, **options: Any) -> None:
        # A city without districts repeats its code one level down: the upper one is meant.
        unit = Unit.objects.filter(code=options["unit"]).order_by("path").first()
        if unit is None:
            raise CommandError(_("No unit has this code. Load the divisions first."))
        try:
            founders = founding.found(unit)
        except founding.AlreadyFounded:
            raise CommandError(_("There are administrators already. Nothing was done.")) from None
        self.stdout.write(_("First passwords, shown only now:"))
        for founder in founders:
            self.stdout.write(f"  {founder.username}\t{founder.password}\t{founder.title}")
