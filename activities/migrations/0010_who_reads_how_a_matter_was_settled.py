import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FILL = """
    UPDATE activities_openmatter matter SET
        closed_for_id = pair.id,
        closed_path = coalesce(nullif(coalesce(visit.past_path, pair.past_path), ''), unit.path)
    FROM activities_openmatter closed
    LEFT JOIN activities_visit visit ON visit.id = closed.closed_in_id
    JOIN pairings_pairing pair ON pair.id = coalesce(visit.pairing_id, closed.pairing_id)
    JOIN units_unit unit ON unit.id = coalesce(visit.unit_id, pair.unit_id)
    WHERE closed.id = matter.id AND closed.closed_at IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0011_days_of_the_ceremony"),
        ("units", "0003_names_successors_and_days"),
        ("activities", "0009_words_stand_where_they_were_said"),
    ]

    operations = [
        migrations.AddField(
            "openmatter",
            "closed_for",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pairings.pairing",
            ),
        ),
        migrations.AddField(
            "openmatter",
            "closed_path",
            models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "openmatter",
            models.CheckConstraint(
                name="open_matter_closed_for_a_pair",
                condition=Q(closed_at=None, closed_for=None, closed_path="")
                | Q(closed_at__isnull=False, closed_for__isnull=False) & ~Q(closed_path=""),
            ),
        ),
    ]
