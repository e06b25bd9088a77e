"""A programme stands where its unit stands; rows of a list follow a merge of two records."""

from django.db import migrations

from units.placing import trigger

FOLLOWS = """
CREATE FUNCTION mentee_follows_a_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.mentee_id := kept_record(NEW.mentee_id);
    RETURN NEW;
END $$;
"""
TABLES = ("programmes_preference", "programmes_plannedpair", "programmes_forbiddenpair")


def follow(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER follows_a_merge BEFORE INSERT OR UPDATE OF mentee_id
            ON {table} FOR EACH ROW EXECUTE FUNCTION mentee_follows_a_merge();""",
        f"DROP TRIGGER follows_a_merge ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("pairings", "0005_rows_follow_a_merge"),
    ]

    operations = [
        trigger("programmes_programme"),
        migrations.RunSQL(FOLLOWS, "DROP FUNCTION mentee_follows_a_merge();"),
        *(follow(table) for table in TABLES),
    ]
