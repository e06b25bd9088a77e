import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0016_searched_along_indexes"),
        ("mentors", "0011_years_in_the_party"),
        ("units", "0003_names_successors_and_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["county", "unit", "pinyin", "id"], name="mentor_county_unit"
            ),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["county", "capacity", "pinyin", "id"], name="mentor_county_capacity"
            ),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("name"),
                    models.Value(None),
                    function="string_to_array",
                    output_field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                name="mentor_name_characters",
            ),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["pinyin"], name="mentor_pinyin_begins", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["initials"], name="mentor_initials_begin", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
