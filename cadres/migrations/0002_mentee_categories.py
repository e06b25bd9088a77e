"""The categories that are on public record (Huzhou 2020); offices add their own rows."""

from django.db import migrations

NAMES = (
    "走出校门新进机关的乡镇干部",
    "新当书记、新进班子的村社干部",
    "一线墩苗实践历练的年轻干部",
    "交流任职、下派基层的机关干部",
    "其他",
)


def add(apps, schema_editor):
    category = apps.get_model("cadres", "MenteeCategory")
    for position, name in enumerate(NAMES, 1):
        category.objects.get_or_create(name=name, defaults={"position": position * 10})


class Migration(migrations.Migration):
    dependencies = [("cadres", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
