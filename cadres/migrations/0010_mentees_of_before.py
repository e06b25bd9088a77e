"""Who had a category is on the register of mentees, since nobody knows when.

Mentees of open pairs without a category are left out: an office says which one is theirs.
"""

from django.db import migrations

_BATCH = 1_000


def enter(apps, schema_editor):
    Cadre, Mentee = apps.get_model("cadres", "Cadre"), apps.get_model("cadres", "Mentee")
    known = Mentee.objects.values("cadre")
    people = Cadre.objects.filter(mentee_category__isnull=False).exclude(pk__in=known)
    rows = people.order_by("pk").values_list("pk", "mentee_category")
    Mentee.objects.bulk_create(
        [Mentee(cadre_id=cadre, category_id=category) for cadre, category in rows.iterator()],
        batch_size=_BATCH,
    )


def put_back(apps, schema_editor):
    Cadre, Mentee = apps.get_model("cadres", "Cadre"), apps.get_model("cadres", "Mentee")
    rows = Mentee.objects.filter(to_on=None).values_list("cadre", "category")
    for cadre, category in rows.iterator():
        Cadre.objects.filter(pk=cadre).update(mentee_category=category)


class Migration(migrations.Migration):
    dependencies = [("cadres", "0009_unknown_education_sorts_last")]

    operations = [migrations.RunPython(enter, put_back)]
