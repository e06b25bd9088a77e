import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from units.placing import FUNCTION, NO_FUNCTION


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0002_unit_event"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="former name")),
                ("from_on", models.DateField(null=True, verbose_name="from")),
                ("to_on", models.DateField(verbose_name="to")),
            ],
            options={
                "verbose_name": "former name of a unit",
                "verbose_name_plural": "former names of units",
                "ordering": ["-to_on"],
            },
        ),
        migrations.AddField(
            model_name="unit",
            name="from_on",
            field=models.DateField(blank=True, null=True, verbose_name="in use from"),
        ),
        migrations.AddField(
            model_name="unit",
            name="has_past",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="unit",
            name="successor",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_units",
                to="units.unit",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="on",
            field=models.DateField(null=True, verbose_name="with effect from"),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="origin",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="target",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
            ),
        ),
        migrations.AlterField(
            model_name="unitevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("create", "unit added"),
                    ("rename", "unit renamed"),
                    ("move", "unit moved"),
                    ("merge", "unit merged into another"),
                    ("close", "unit closed down"),
                    ("reopen", "unit in use again"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor", None),
                    models.Q(
                        ("closed_on__isnull", False),
                        models.Q(("successor", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="unit_with_a_successor_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_on", None),
                    ("closed_on", None),
                    ("closed_on__gte", models.F("from_on")),
                    _connector="OR",
                ),
                name="unit_closes_after_it_begins",
            ),
        ),
        migrations.AddField(
            model_name="formername",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_names",
                to="units.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="formername",
            index=models.Index(fields=["name"], name="unit_former_name"),
        ),
        migrations.AddConstraint(
            model_name="formername",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("unit", "="),
                    (
                        models.Func(
                            models.F("from_on"),
                            models.F("to_on"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_one_name_a_day",
            ),
        ),
    ]
