"""Where two pairs of a mentee overlap, the later one becomes a 业务导师.

Until now a pair had no role. Which of several mentors leads is on no record: the one who came
first is taken to. A third pair that overlaps only the second becomes one as well; the office
corrects it in the pair's file.
"""

from django.db import migrations

FORWARD = """
UPDATE pairings_pairing AS later
SET role = 'work'
FROM pairings_pairing AS earlier
WHERE later.mentee_id = earlier.mentee_id
  AND (earlier.from_on, earlier.id) < (later.from_on, later.id)
  AND later.state NOT IN ('declined', 'withdrawn')
  AND earlier.state NOT IN ('declined', 'withdrawn')
  AND daterange(later.from_on, CASE WHEN later.ended_on IS NULL THEN NULL
                ELSE greatest(later.from_on, later.ended_on) END, '[)')
   && daterange(earlier.from_on, CASE WHEN earlier.ended_on IS NULL THEN NULL
                ELSE greatest(earlier.from_on, earlier.ended_on) END, '[)')
"""
BACKWARD = "UPDATE pairings_pairing SET role = 'lead' WHERE role = 'work'"


class Migration(migrations.Migration):
    dependencies = [("pairings", "0006_roles_and_succession")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
