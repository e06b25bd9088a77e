from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_rows_of_the_past")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="keeps_blocked",
            field=models.BooleanField(default=False, verbose_name="without the rows in use"),
        ),
    ]
