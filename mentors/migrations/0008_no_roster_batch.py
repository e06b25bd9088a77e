from django.db import migrations


class Migration(migrations.Migration):
    """Uploads stand in the rosters' room; what waited here was kept for a week at most."""

    dependencies = [("mentors", "0007_rows_of_the_past")]

    operations = [migrations.DeleteModel(name="RosterBatch")]
