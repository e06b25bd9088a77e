from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("mentors", "0006_state_fits_the_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="mentor",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("mentors_mentor"),
    ]
