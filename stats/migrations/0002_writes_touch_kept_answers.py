"""Every table that figures hang on says what was written in it."""

from django.db import migrations

from stats.touching import Watched, watch

_MENTEE = "JOIN cadres_mentee m ON m.id = r.mentee_id"
_PAIR = "JOIN pairings_pairing p ON p.id = r.pairing_id"
RECORDS = tuple(
    # Where the pair stands as well: a pair without records is a figure of its own.
    Watched(table, "UNNEST(ARRAY[r.county_id, p.county_id])", through=_PAIR)
    for table in ("activities_session", "activities_visit", "activities_assignment")
)
WATCHED = (
    Watched("cadres_cadre", "r.county_id", ("r.id",)),
    Watched("cadres_posting", "r.county_id", ("r.cadre_id",)),
    Watched("cadres_mentee", people=("r.cadre_id",)),
    Watched("cadres_exemption", people=("m.cadre_id",), through=_MENTEE),
    Watched("mentors_mentor", "r.county_id", ("r.cadre_id",)),
    Watched("pairings_pairing", "r.county_id", ("r.mentee_id", "r.mentor_cadre_id")),
    Watched("pairings_pairingevent", "p.county_id", ("p.mentee_id",), _PAIR),
    *RECORDS,
    Watched("units_unit", "r.county_id"),
    Watched(
        "pairings_policy",
        "below.county_id",
        through="JOIN units_unit u ON u.id = r.unit_id"
        " JOIN units_unit below ON below.path LIKE u.path || '%'",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("stats", "0001_kept_answers"),
        ("activities", "0004_sessions_have_details"),
        ("cadres", "0016_searched_along_indexes"),
        ("mentors", "0012_searched_and_sorted_along_indexes"),
        ("pairings", "0011_days_of_the_ceremony"),
        ("units", "0004_code_and_kind_corrected"),
    ]

    operations = [watch(each) for each in WATCHED]
