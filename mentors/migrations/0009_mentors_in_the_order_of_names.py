"""A mentor carries the pinyin of the person, so that a list of mentors is read along an index.

The database keeps it: whoever saves a mentor or renames a person, by whatever way.
"""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION mentors_mentor_pinyin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pinyin := COALESCE((SELECT pinyin FROM cadres_cadre WHERE id = NEW.cadre_id), '');
    RETURN NEW;
END $$;
CREATE TRIGGER mentors_mentor_pinyin BEFORE INSERT OR UPDATE ON mentors_mentor
    FOR EACH ROW EXECUTE FUNCTION mentors_mentor_pinyin();
CREATE FUNCTION mentors_follow_pinyin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mentors_mentor SET pinyin = NEW.pinyin WHERE cadre_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER mentors_follow_pinyin AFTER UPDATE OF pinyin ON cadres_cadre
    FOR EACH ROW WHEN (OLD.pinyin IS DISTINCT FROM NEW.pinyin)
    EXECUTE FUNCTION mentors_follow_pinyin();
"""
FORGET = """
DROP TRIGGER mentors_follow_pinyin ON cadres_cadre;
DROP FUNCTION mentors_follow_pinyin();
DROP TRIGGER mentors_mentor_pinyin ON mentors_mentor;
DROP FUNCTION mentors_mentor_pinyin();
"""
FILL = """
UPDATE mentors_mentor SET pinyin = cadres_cadre.pinyin
FROM cadres_cadre WHERE cadres_cadre.id = mentors_mentor.cadre_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("mentors", "0008_no_roster_batch")]

    operations = [
        migrations.AddField(
            model_name="mentor",
            name="pinyin",
            field=models.CharField(db_default="", default="", editable=False, max_length=300),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FORGET),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(fields=["county", "pinyin", "id"], name="mentor_county_pinyin"),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(fields=["city", "pinyin", "id"], name="mentor_city_pinyin"),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(fields=["township", "pinyin", "id"], name="mentor_township_pinyin"),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["county", "term_to_on", "pinyin", "id"], name="mentor_county_term"
            ),
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(
                fields=["city", "term_to_on", "pinyin", "id"], name="mentor_city_term"
            ),
        ),
    ]
