"""A sample stands where its unit stands."""

from django.db import migrations

from units.placing import trigger


class Migration(migrations.Migration):
    dependencies = [("sampling", "0001_initial"), ("units", "0003_names_successors_and_days")]

    operations = [trigger("sampling_sample")]
