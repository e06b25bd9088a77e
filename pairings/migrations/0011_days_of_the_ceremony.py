from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pairings", "0010_waivers_of_their_own")]

    operations = [
        migrations.AddField(
            model_name="pairingevent",
            name="old_ceremony_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="pairingevent",
            name="new_ceremony_on",
            field=models.DateField(null=True),
        ),
    ]
