import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_trail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.models.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="exported at"
                    ),
                ),
                ("register", models.CharField(max_length=60, verbose_name="register")),
                ("scope", models.CharField(max_length=300, verbose_name="units in charge")),
                ("filters", models.CharField(blank=True, max_length=1000, verbose_name="filters")),
                ("columns", models.CharField(max_length=1000, verbose_name="columns")),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Excel workbook (XLSX)"), ("csv", "text table (CSV)")],
                        max_length=4,
                        verbose_name="file format",
                    ),
                ),
                ("is_masked", models.BooleanField(verbose_name="masked")),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="purpose")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("failed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="exported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["by", "-id"], name="export_by")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_masked", True),
                            models.Q(("purpose", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="export_unmasked_has_a_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("failed_at", None), _connector="OR"
                        ),
                        name="export_ends_in_one_way",
                    ),
                ],
            },
        ),
    ]
