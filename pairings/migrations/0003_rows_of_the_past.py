from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("pairings", "0002_policy_says_who_entered_it"),
    ]

    operations = [
        migrations.AddField(
            model_name="pairing",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("pairings_pairing"),
    ]
