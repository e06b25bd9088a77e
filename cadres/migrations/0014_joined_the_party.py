import django.core.validators
from django.db import migrations, models
from django.db.models import Q

import core.fields

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class Migration(migrations.Migration):
    dependencies = [("cadres", "0013_lists_in_the_order_of_units")]

    operations = [
        migrations.AddField(
            model_name="cadre",
            name="party_month",
            field=core.fields.MonthField(
                blank=True,
                max_length=7,
                validators=[django.core.validators.RegexValidator(MONTH)],
                verbose_name="joined the party",
            ),
        ),
        migrations.AddConstraint(
            model_name="cadre",
            constraint=models.CheckConstraint(
                name="cadre_party_month_form",
                condition=Q(party_month="") | Q(party_month__regex=MONTH),
            ),
        ),
    ]
