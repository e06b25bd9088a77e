import django.db.models.deletion
from django.db import migrations, models

from units.placing import trigger

TABLES = ("comment", "confirmation")
LEVELS = ("province", "city", "township")

# Where the pair stood when it was said: where its record was left behind, if the unit moved later
# than that; else where the pair stands.
FILL = """
    UPDATE activities_{table} word SET
        {pairing}
        unit_id = place.unit_id,
        province_id = place.province_id, city_id = place.city_id,
        county_id = place.county_id, township_id = place.township_id,
        past_path = place.past_path
    FROM ({records}) record
    JOIN pairings_pairing pair ON pair.id = record.pairing_id
    CROSS JOIN LATERAL (
        SELECT record.unit_id, record.province_id, record.city_id, record.county_id,
            record.township_id, record.past_path
        WHERE record.past_path <> '' AND EXISTS (
            SELECT FROM units_unitevent moved
            WHERE moved.verb = 'move' AND moved.created_at > record.said_at
                AND moved.unit_id::text = ANY (string_to_array(record.past_path, '/'))
        )
        UNION ALL
        SELECT pair.unit_id, pair.province_id, pair.city_id, pair.county_id,
            pair.township_id, pair.past_path
        LIMIT 1
    ) place
    WHERE record.word_id = word.id;
"""
RECORDS = """
    SELECT said.id AS word_id, said.{moment} AS said_at, r.pairing_id, r.unit_id, r.province_id,
        r.city_id, r.county_id, r.township_id, r.past_path
    FROM activities_{table} said JOIN activities_{kind} r ON r.id = said.{kind}_id
"""
MOMENTS = {"comment": "created_at", "confirmation": "confirmed_at"}
KINDS = {
    "comment": ("visit", "session", "assignment"),
    "confirmation": ("visit", "session"),
}


def fill(table):
    """The rows' places; what hangs on them is checked at once, so that columns may be altered."""
    records = " UNION ALL ".join(
        RECORDS.format(table=table, kind=kind, moment=MOMENTS[table]) for kind in KINDS[table]
    )
    pairing = "pairing_id = record.pairing_id," if table == "confirmation" else ""
    statement = FILL.format(table=table, records=records, pairing=pairing)
    immediate = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
    return migrations.RunSQL(f"{statement} {immediate}", migrations.RunSQL.noop)


def unit(*, null, **options):
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="units.unit",
        **options,
    )


def pairing(*, null):
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="%(class)ss",
        to="pairings.pairing",
    )


def steps(table):
    for level in LEVELS:
        yield migrations.AddField(table, level, unit(null=True, editable=False))
    yield migrations.AddField(
        table,
        "past_path",
        models.CharField(db_default="", default="", editable=False, max_length=200),
    )
    yield migrations.AddField(table, "county", unit(null=True, editable=False))
    yield migrations.AddField(table, "unit", unit(null=True, verbose_name="unit"))
    if table == "confirmation":
        yield migrations.AddField(table, "pairing", pairing(null=True))
    yield fill(table)
    yield migrations.AlterField(table, "county", unit(null=False, editable=False))
    yield migrations.AlterField(table, "unit", unit(null=False, verbose_name="unit"))
    yield migrations.AlterField(table, "pairing", pairing(null=False))
    yield trigger(f"activities_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("pairings", "0011_days_of_the_ceremony"),
        ("units", "0003_names_successors_and_days"),
        ("activities", "0008_figures_read_indexes_alone"),
    ]

    operations = [step for table in TABLES for step in steps(table)]
