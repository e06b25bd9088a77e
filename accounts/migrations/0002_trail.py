import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("units", "0001_initial")]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.RenameField("accountevent", "actor", "created_by"),
        migrations.RenameField("accountevent", "at", "created_at"),
        migrations.AlterModelOptions(
            name="accountevent",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "account event",
                "verbose_name_plural": "account events",
            },
        ),
        migrations.AddField(
            model_name="accountevent",
            name="client_key",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="accountevent",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("coordinator", "coordinator"),
                    ("viewer", "leader (reads)"),
                    ("sysadmin", "system administrator"),
                    ("secadmin", "security administrator"),
                    ("auditor", "audit administrator"),
                ],
                max_length=12,
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            model_name="accountevent",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
            ),
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="entered at"),
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("open", "account opened"),
                    ("edit", "account data changed"),
                    ("reset", "password reset"),
                    ("choose", "own password changed"),
                    ("disable", "account closed"),
                    ("enable", "account opened again"),
                    ("grant", "role granted"),
                    ("end_grant", "grant ended"),
                ],
                max_length=40,
                verbose_name="account operation",
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="to_on",
            field=models.DateField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AddIndex(
            model_name="accountevent",
            index=models.Index(fields=["created_at", "id"], name="account_event_at"),
        ),
        migrations.AddConstraint(
            model_name="accountevent",
            constraint=models.UniqueConstraint(
                fields=("created_by", "client_key"), name="accountevent_once_per_client_key"
            ),
        ),
    ]
