"""The database itself puts a row where its unit stands.

Whoever writes a Placed row read the unit some time before: a form does, a roster does for a
minute. Were the row's ancestors the ones read then, a move of the unit in between would leave a
person behind in the old county, seen by the wrong office. So a trigger copies them at the moment
of writing, holding the unit's row against a move until the writer has committed.
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE FUNCTION placed_where_its_unit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.past_path = '' THEN  -- a row of the past keeps the ancestors of its time
        SELECT province_id, city_id, county_id, township_id
        INTO NEW.province_id, NEW.city_id, NEW.county_id, NEW.township_id
        FROM units_unit WHERE id = NEW.unit_id FOR SHARE;
    END IF;
    RETURN NEW;
END $$;
"""
NO_FUNCTION = "DROP FUNCTION placed_where_its_unit_stands();"


def trigger(table: str) -> migrations.RunSQL:
    """For the migration that makes a Placed table, or gives it its `past_path`."""
    return migrations.RunSQL(
        f"""CREATE TRIGGER placed_where_its_unit_stands
            BEFORE INSERT OR UPDATE OF unit_id, province_id, city_id, county_id, township_id,
                past_path
            ON {table} FOR EACH ROW EXECUTE FUNCTION placed_where_its_unit_stands();""",
        f"DROP TRIGGER placed_where_its_unit_stands ON {table};",
    )
