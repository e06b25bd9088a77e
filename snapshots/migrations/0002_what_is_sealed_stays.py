"""A snapshot stands where its unit stood, and neither it nor its rows ever change."""

from django.db import migrations

from units.placing import trigger

# The unit's columns are left out: a unit that moves leaves its snapshots with their office.
FREEZE = """
CREATE FUNCTION snapshot_stays_as_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
       (OLD.as_of, OLD.period_from, OLD.age, OLD.purpose, OLD.content, OLD.digest,
        OLD.row_count, OLD.created_by_id, OLD.created_at)
       IS DISTINCT FROM
       (NEW.as_of, NEW.period_from, NEW.age, NEW.purpose, NEW.content, NEW.digest,
        NEW.row_count, NEW.created_by_id, NEW.created_at) THEN
        RAISE EXCEPTION 'a snapshot stays as it was sealed: %', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER snapshot_stays_as_sealed BEFORE UPDATE OR DELETE ON snapshots_snapshot
    FOR EACH ROW EXECUTE FUNCTION snapshot_stays_as_sealed();
CREATE FUNCTION snapshot_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the rows of a snapshot stay as they were sealed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER snapshot_row_stays BEFORE UPDATE OR DELETE ON snapshots_snapshotrow
    FOR EACH STATEMENT EXECUTE FUNCTION snapshot_row_stays();
"""
THAW = """
DROP TRIGGER snapshot_row_stays ON snapshots_snapshotrow;
DROP FUNCTION snapshot_row_stays();
DROP TRIGGER snapshot_stays_as_sealed ON snapshots_snapshot;
DROP FUNCTION snapshot_stays_as_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("snapshots", "0001_initial"), ("units", "0003_names_successors_and_days")]

    operations = [trigger("snapshots_snapshot"), migrations.RunSQL(FREEZE, THAW)]
