"""Named relations: a merge of two records takes along what points at the second one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0016_searched_along_indexes"),
        ("programmes", "0004_runs_of_an_assignment"),
    ]

    operations = [
        migrations.AlterField(
            model_name="forbiddenpair",
            name="mentee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="forbidden_as_mentee",
                to="cadres.cadre",
                verbose_name="mentee",
            ),
        ),
        migrations.AlterField(
            model_name="plannedpair",
            name="mentee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="planned_as_mentee",
                to="cadres.cadre",
                verbose_name="mentee",
            ),
        ),
        migrations.AlterField(
            model_name="preference",
            name="mentee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wishes_as_mentee",
                to="cadres.cadre",
                verbose_name="mentee",
            ),
        ),
    ]
