"""A row written for a record that is being merged at that moment goes to the kept record.

The merge holds the record and points at the kept one whatever it sees. A row that another
transaction writes meanwhile is not seen: its foreign key would be looked at when it commits, find
the merged record still there, and leave the row where nobody reads it. So the row waits for the
merge as it is written, and follows it.

Here, since this room is the highest that points at people. Events are not among the tables: an
event accompanies a change of the person, which waits by itself.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION kept_record(person uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    kept uuid;
BEGIN
    LOOP
        SELECT merged_into_id INTO kept FROM cadres_cadre WHERE id = person FOR KEY SHARE;
        EXIT WHEN kept IS NULL;
        person := kept;
    END LOOP;
    RETURN person;
END $$;
CREATE FUNCTION cadre_follows_a_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.cadre_id := kept_record(NEW.cadre_id);
    RETURN NEW;
END $$;
CREATE FUNCTION pair_follows_a_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.mentor_cadre_id := kept_record(NEW.mentor_cadre_id);
    NEW.mentee_id := kept_record(NEW.mentee_id);
    RETURN NEW;
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION pair_follows_a_merge();
DROP FUNCTION cadre_follows_a_merge();
DROP FUNCTION kept_record(uuid);
"""


def trigger(table: str, columns: str, function: str) -> migrations.RunSQL:
    # By its name it comes before those that fill in what stands beside the person.
    return migrations.RunSQL(
        f"""CREATE TRIGGER follows_a_merge BEFORE INSERT OR UPDATE OF {columns}
            ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();""",
        f"DROP TRIGGER follows_a_merge ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0004_weights"),
        ("cadres", "0015_events_of_words"),
        ("mentors", "0011_years_in_the_party"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        trigger("cadres_posting", "cadre_id", "cadre_follows_a_merge"),
        trigger("cadres_mentee", "cadre_id", "cadre_follows_a_merge"),
        trigger("cadres_phonelook", "cadre_id", "cadre_follows_a_merge"),
        trigger("mentors_mentor", "cadre_id", "cadre_follows_a_merge"),
        trigger("pairings_pairing", "mentor_cadre_id, mentee_id", "pair_follows_a_merge"),
    ]
