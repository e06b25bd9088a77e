import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A certificate names its series, so that a unit's move to another county leaves its number."""

    dependencies = [("certificates", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="series",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certificates.series",
            ),
        ),
        migrations.RunSQL(
            """UPDATE certificates_certificate AS c SET series_id = s.id
               FROM certificates_series AS s
               WHERE (s.county_id, s.year, s.kind) = (c.county_id, c.year, c.kind)""",
            migrations.RunSQL.noop,
        ),
    ]
