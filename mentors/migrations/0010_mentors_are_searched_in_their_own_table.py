"""Name and initials beside the pinyin: a search reads the mentors of a scope and nothing else."""

from django.db import migrations, models

BOTH = """
CREATE OR REPLACE FUNCTION mentors_mentor_pinyin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT name, pinyin, initials INTO NEW.name, NEW.pinyin, NEW.initials
    FROM cadres_cadre WHERE id = NEW.cadre_id;
    IF NOT FOUND THEN  -- the foreign key says so at the end of the transaction
        NEW.name := ''; NEW.pinyin := ''; NEW.initials := '';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER mentors_follow_pinyin ON cadres_cadre;
CREATE TRIGGER mentors_follow_pinyin AFTER UPDATE OF name, pinyin, initials ON cadres_cadre
    FOR EACH ROW WHEN ((OLD.name, OLD.pinyin, OLD.initials)
                       IS DISTINCT FROM (NEW.name, NEW.pinyin, NEW.initials))
    EXECUTE FUNCTION mentors_follow_pinyin();
UPDATE mentors_mentor SET pinyin = pinyin;
SET CONSTRAINTS ALL IMMEDIATE;
"""
PINYIN_ALONE = """
CREATE OR REPLACE FUNCTION mentors_mentor_pinyin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pinyin := COALESCE((SELECT pinyin FROM cadres_cadre WHERE id = NEW.cadre_id), '');
    RETURN NEW;
END $$;
DROP TRIGGER mentors_follow_pinyin ON cadres_cadre;
CREATE TRIGGER mentors_follow_pinyin AFTER UPDATE OF pinyin ON cadres_cadre
    FOR EACH ROW WHEN (OLD.pinyin IS DISTINCT FROM NEW.pinyin)
    EXECUTE FUNCTION mentors_follow_pinyin();
"""


class Migration(migrations.Migration):
    dependencies = [("mentors", "0009_mentors_in_the_order_of_names")]

    operations = [
        migrations.AddField(
            model_name="mentor",
            name="name",
            field=models.CharField(db_default="", default="", editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name="mentor",
            name="initials",
            field=models.CharField(db_default="", default="", editable=False, max_length=100),
        ),
        migrations.RunSQL(BOTH, PINYIN_ALONE),
    ]
