from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentors", "0010_mentors_are_searched_in_their_own_table")]

    operations = [
        migrations.AddField(
            model_name="mentorpolicy",
            name="min_party_years",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="full years in the party at least"
            ),
        ),
    ]
