from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("cadres", "0007_events_highest_education_phone_tail"),
    ]

    operations = [
        migrations.AddField(
            model_name="cadre",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("cadres_cadre"),
        migrations.AddField(
            model_name="posting",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("cadres_posting"),
    ]
