from django.db import migrations, models

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0003_names_successors_and_days"),
        ("certificates", "0003_frozen_certificates"),
    ]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="past_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200),
        ),
        trigger("certificates_certificate"),
    ]
