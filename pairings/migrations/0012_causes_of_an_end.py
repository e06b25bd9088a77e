from django.db import migrations, models
from django.db.models import Q

CAUSES = [
    ("mentor_moved", "mentor transferred"),
    ("mentor_retired", "mentor retired"),
    ("mentor_resigned", "no longer a mentor"),
    ("mentee_moved", "mentee transferred"),
    ("mentee_promoted", "mentee promoted to another post"),
    ("mentee_left", "mentee left service"),
    ("changed", "change of mentor"),
    ("agreed", "by agreement of both"),
    ("work", "needs of the work"),
    ("other", "another cause"),
]
CODES = [code for code, _label in CAUSES]


def cause(**options: bool) -> models.CharField:
    # With a default in the database as well: a release before this one goes on writing pairs.
    return models.CharField(
        verbose_name="cause of the end",
        max_length=20,
        choices=CAUSES,
        blank=True,
        default="",
        db_default="",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("pairings", "0011_days_of_the_ceremony")]

    operations = [
        migrations.AddField("pairing", "end_cause", cause(editable=False)),
        migrations.AddField("pairingevent", "cause", cause()),
        migrations.AddConstraint(
            "pairing",
            models.CheckConstraint(
                name="pairing_cause_of_a_termination",
                condition=Q(end_cause="") | Q(end_cause__in=CODES, state="terminated"),
            ),
        ),
        migrations.AddConstraint(
            "pairingevent",
            models.CheckConstraint(
                name="pairing_event_cause_of_a_termination",
                condition=Q(cause="") | Q(cause__in=CODES, to_state="terminated"),
            ),
        ),
    ]
