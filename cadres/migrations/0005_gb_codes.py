"""The national code tables, from data/codes.csv; words of offices are separated by blanks."""

import csv
from pathlib import Path

from django.db import migrations

CODES = Path(__file__).resolve().parents[2] / "data" / "codes.csv"


def seed(apps, schema_editor):
    Code = apps.get_model("cadres", "Code")
    CodeAlias = apps.get_model("cadres", "CodeAlias")
    with CODES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = Code.objects.bulk_create(
        [
            Code(table=row["table"], code=row["code"], name=row["name"], position=number)
            for number, row in enumerate(rows, 1)
        ]
    )
    CodeAlias.objects.bulk_create(
        [
            CodeAlias(code=code, table=code.table, word=word)
            for code, row in zip(codes, rows, strict=True)
            for word in row["aliases"].split()
        ]
    )


def forget(apps, schema_editor):
    apps.get_model("cadres", "CodeAlias").objects.all().delete()
    apps.get_model("cadres", "Code").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cadres", "0004_codes_merges_party_school")]

    operations = [migrations.RunPython(seed, forget)]
