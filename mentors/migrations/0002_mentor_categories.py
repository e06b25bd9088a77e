"""The categories that are on public record (Huzhou 2020); offices add their own rows."""

from django.db import migrations

NAMES = (
    "20年工作经验的老乡镇",
    "德高望重的老支书",
    "兴村（治社）名师",
    "乡村振兴优秀带头人",
    "其他",
)


def add(apps, schema_editor):
    category = apps.get_model("mentors", "MentorCategory")
    for position, name in enumerate(NAMES, 1):
        category.objects.get_or_create(name=name, defaults={"position": position * 10})


class Migration(migrations.Migration):
    dependencies = [("mentors", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
