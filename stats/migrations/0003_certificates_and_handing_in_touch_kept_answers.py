"""Figures hang on certificates and on when assignments were handed in."""

from django.db import migrations

from stats.touching import Watched, watch

_TASK = "JOIN activities_assignment a ON a.id = r.assignment_id"
WATCHED = (
    Watched("activities_submission", "a.county_id", through=_TASK),
    Watched("certificates_certificate", "r.county_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("stats", "0002_writes_touch_kept_answers"),
        ("activities", "0007_assignment_templates_and_sets"),
        ("certificates", "0004_rows_of_the_past"),
    ]

    operations = [watch(each) for each in WATCHED]
