import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="client_key",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="created_at",
            field=models.DateTimeField(
                auto_now_add=True, default=django.utils.timezone.now, verbose_name="entered at"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="policy",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("created_by", "client_key"), name="policy_once_per_client_key"
            ),
        ),
        migrations.AlterConstraint(
            model_name="policy",
            name="policy_once_per_unit_and_day",
            constraint=models.UniqueConstraint(
                fields=("unit", "from_on"),
                name="policy_once_per_unit_and_day",
                violation_error_message="A version from this day on is there already.",
            ),
        ),
    ]
