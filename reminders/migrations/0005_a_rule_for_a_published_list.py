from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reminders", "0004_a_rule_for_the_end_of_a_suspension")]

    operations = [
        migrations.AlterField(
            model_name="reminder",
            name="rule",
            field=models.CharField(
                choices=[
                    ("assignment_due", "assignment due soon"),
                    ("assignment_overdue", "assignment overdue"),
                    ("to_confirm", "pairing waits for confirmation"),
                    ("silent", "no record for a long time"),
                    ("expiring", "term ends soon"),
                    ("resume_due", "suspension due to end"),
                    ("published", "list of a programme published"),
                ],
                max_length=20,
            ),
        )
    ]
