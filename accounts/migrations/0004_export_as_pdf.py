from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_exports")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="format",
            field=models.CharField(
                choices=[
                    ("xlsx", "Excel workbook (XLSX)"),
                    ("csv", "text table (CSV)"),
                    ("pdf", "PDF"),
                ],
                max_length=4,
                verbose_name="file format",
            ),
        ),
    ]
