from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cadres", "0012_posts_that_leaving_closed")]

    operations = [
        migrations.AddIndex(
            model_name="cadre",
            index=models.Index(fields=["county", "unit", "pinyin", "id"], name="cadre_county_unit"),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["county", "unit"], name="posting_county_unit"),
        ),
    ]
