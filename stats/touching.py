"""What was written since answers were kept, and which counties' answers that concerns.

A trigger for each statement appends the counties of the rows, as they stood and as they stand,
and the people whom the rows are about. Where else these people count is looked up by the reader
and not by the writer: a post that somebody else enters at that moment is not seen by the writer,
but whoever reads after both commits sees it.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection, migrations


class Watched(NamedTuple):
    """A table whose rows figures hang on, and what a row says, in SQL over a row `r`."""

    table: str
    county: str = ""
    people: tuple[str, ...] = ()
    through: str = ""  # a JOIN that reaches what the row itself does not say


ROWS = {"INSERT": ("new",), "UPDATE": ("old", "new"), "DELETE": ("old",)}

# The counties that rows of stats_touched concern: their own, and all in which one of the people,
# or a mentee of one of them (generations are counted), has or had a place.
CONCERNED = """
    SELECT county_id FROM touched WHERE county_id IS NOT NULL
    UNION SELECT c.county_id FROM cadres_cadre c JOIN about ON about.id = c.id
    UNION SELECT c.county_id FROM cadres_posting c JOIN about ON about.id = c.cadre_id
    UNION SELECT c.county_id FROM mentors_mentor c JOIN about ON about.id = c.cadre_id
    UNION SELECT c.county_id FROM pairings_pairing c JOIN about ON about.id = c.mentee_id
"""
ABOUT = """
    SELECT person_id AS id FROM touched WHERE person_id IS NOT NULL
    UNION SELECT p.mentee_id FROM pairings_pairing p
        JOIN touched ON touched.person_id = p.mentor_cadre_id
"""


def concerned(ids: list[int]) -> list[int]:
    """The counties that these rows of stats_touched concern."""
    statement = (
        "WITH touched AS MATERIALIZED (SELECT * FROM stats_touched WHERE id = ANY(%s)),"  # noqa: S608
        f" about AS MATERIALIZED ({ABOUT}) {CONCERNED}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        return [county for (county,) in cursor.fetchall()]


def watch(watched: Watched) -> migrations.RunSQL:
    """For the migration of a table that figures hang on."""
    return migrations.RunSQL(_watch(watched), _forget(watched))


def _watch(watched: Watched) -> str:
    made = []
    for verb, tables in ROWS.items():
        name = f"{watched.table}_touches_on_{verb.lower()}"
        said = "\nUNION ".join(_said(watched, rows) for rows in tables)
        transition = " ".join(f"{rows.upper()} TABLE AS {rows}_rows" for rows in tables)
        made.append(
            f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO stats_touched (county_id, person_id) {said};
                RETURN NULL;
            END $$;
            CREATE TRIGGER {name} AFTER {verb} ON {watched.table} REFERENCING {transition}
                FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""
        )
    return "\n".join(made)


def _said(watched: Watched, rows: str) -> str:
    source = f"FROM {rows}_rows r {watched.through}"
    said = [f"SELECT DISTINCT NULL::bigint, {person} {source}" for person in watched.people]
    if watched.county:
        said.insert(0, f"SELECT DISTINCT {watched.county}, NULL::uuid {source}")
    return "\nUNION ALL ".join(said)


def _forget(watched: Watched) -> str:
    names = [f"{watched.table}_touches_on_{verb.lower()}" for verb in ROWS]
    return "\n".join(
        f"DROP TRIGGER {name} ON {watched.table}; DROP FUNCTION {name}();" for name in names
    )
