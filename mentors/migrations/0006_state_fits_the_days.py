"""A state and its days cannot contradict one another any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentors", "0005_states_of_what_was_there")]

    operations = [
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("from_on", None), ("state__in", ("proposed", "on_notice")), ("to_on", None)
                    ),
                    models.Q(
                        ("from_on__isnull", False),
                        ("state__in", ("in_office", "suspended")),
                        ("to_on", None),
                    ),
                    models.Q(("state", "ended"), ("to_on__isnull", False)),
                    _connector="OR",
                ),
                name="mentor_state_fits_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("term_to_on", None), ("term_to_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="mentor_term_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("notice_from_on", None),
                        ("notice_to_on", None),
                        models.Q(("state", "on_notice"), _negated=True),
                    ),
                    models.Q(
                        ("notice_from_on__isnull", False),
                        ("notice_to_on__gte", models.F("notice_from_on")),
                        ("notice_to_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mentor_notice_has_two_days",
            ),
        ),
    ]
