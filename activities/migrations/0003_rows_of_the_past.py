from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("activities", "0002_a_review_knows_what_it_judged"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("activities_session"),
        migrations.AddField(
            model_name="visit",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("activities_visit"),
        migrations.AddField(
            model_name="assignment",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("activities_assignment"),
    ]
