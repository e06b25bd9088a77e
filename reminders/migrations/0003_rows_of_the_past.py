from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("reminders", "0002_mails_and_suggestions"),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("reminders_suggestion"),
    ]
