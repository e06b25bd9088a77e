"""Plans and templates stand where their unit stands."""

from django.db import migrations

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("units", "0003_names_successors_and_days")]

    operations = [trigger("plans_plan"), trigger("plans_plantemplate")]
