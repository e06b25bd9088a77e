"""A wish says which choice it is; `rank` stays a word that no table of people knows."""

from django.db import migrations, models
from django.db.models import Q


def rules(field: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["programme", "mentor", field],
            condition=Q(side="mentor", withdrawn_at=None),
            name=f"preference_mentor_{field}",
        ),
        models.UniqueConstraint(
            fields=["programme", "mentee", field],
            condition=Q(side="mentee", withdrawn_at=None),
            name=f"preference_mentee_{field}",
        ),
        models.CheckConstraint(
            name="preference_ranked_from_one"
            if field == "rank"
            else "preference_numbered_from_one",
            condition=Q(**{f"{field}__gte": 1}),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_rows_follow")]

    operations = [
        *(migrations.RemoveConstraint("preference", rule.name) for rule in rules("rank")),
        migrations.RenameField("preference", "rank", "nth"),
        migrations.AlterField(
            "preference", "nth", models.PositiveSmallIntegerField(verbose_name="choice")
        ),
        *(migrations.AddConstraint("preference", rule) for rule in rules("nth")),
    ]
