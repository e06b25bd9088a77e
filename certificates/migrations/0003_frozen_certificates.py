import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# The unit's columns are left out: they follow the unit when it moves (units.tree.move).
FREEZE = """
CREATE FUNCTION certificate_stays_as_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is voided, never deleted: %', OLD.serial
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.kind, OLD.pairing_id, OLD.series_id, OLD.year, OLD.number, OLD.serial, OLD.token,
        OLD.facts, OLD.pdf, OLD.sha256, OLD.issued_on, OLD.issued_by_id, OLD.issued_at)
       IS DISTINCT FROM
       (NEW.kind, NEW.pairing_id, NEW.series_id, NEW.year, NEW.number, NEW.serial, NEW.token,
        NEW.facts, NEW.pdf, NEW.sha256, NEW.issued_on, NEW.issued_by_id, NEW.issued_at)
       OR (OLD.voided_at IS NOT NULL
           AND (OLD.voided_at, OLD.voided_by_id, OLD.void_reason)
               IS DISTINCT FROM (NEW.voided_at, NEW.voided_by_id, NEW.void_reason)) THEN
        RAISE EXCEPTION 'a certificate stays as it was issued: %', OLD.serial
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_stays_as_issued BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificate_stays_as_issued();
"""
THAW = """
DROP TRIGGER certificate_stays_as_issued ON certificates_certificate;
DROP FUNCTION certificate_stays_as_issued();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_series_of_a_certificate")]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certificates.series",
            ),
        ),
        migrations.RemoveConstraint(model_name="certificate", name="certificate_number_once"),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=["series", "number"], name="certificate_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                name="certificate_void_by_somebody_for_a_reason",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
