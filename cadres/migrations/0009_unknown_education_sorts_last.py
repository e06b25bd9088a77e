import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When

UNFINISHED = (
    "12", "13", "15", "16", "18", "19", "22", "23", "32", "33", "42", "43", "45", "46", "48", "49",
    "62", "63", "73", "83",
)  # fmt: skip
INDEX = models.Index(
    fields=["county", "highest_code", "pinyin", "id"], name="cadre_county_education"
)


class Migration(migrations.Migration):
    """A generated column is not altered but made anew."""

    dependencies = [("cadres", "0008_rows_of_the_past")]

    operations = [
        migrations.RemoveIndex("cadre", "cadre_county_education"),
        migrations.RemoveField("cadre", "highest_code"),
        migrations.AddField(
            "cadre",
            "highest_code",
            models.GeneratedField(
                db_persist=True,
                expression=Case(
                    When(
                        education="",
                        then=django.db.models.functions.comparison.NullIf(
                            "later_education", Value("")
                        ),
                    ),
                    When(later_education="", then=F("education")),
                    When(
                        Q(education__in=UNFINISHED) & ~Q(later_education__in=UNFINISHED),
                        then=F("later_education"),
                    ),
                    When(
                        ~Q(education__in=UNFINISHED) & Q(later_education__in=UNFINISHED),
                        then=F("education"),
                    ),
                    default=django.db.models.functions.comparison.Least(
                        "education", "later_education"
                    ),
                ),
                output_field=models.CharField(max_length=2, null=True),
            ),
        ),
        migrations.AddIndex("cadre", INDEX),
    ]
