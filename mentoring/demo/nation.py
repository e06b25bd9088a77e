"""A nation of invented people, for measuring: all counties, a million pairs, their records.

Everything is one INSERT … SELECT a table, chance is a hash of a row's number, so the same seed
gives the same rows. Triggers and foreign keys rest meanwhile: what they would have written is
written, and `faults` looks at the end whether it is.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from psycopg2 import sql
from psycopg2.extras import execute_values

from activities.models import Assignment, Session, Visit
from cadres import pinyin
from cadres.models import Cadre, Exemption, Mentee, MenteeCategory, Posting
from mentors.models import Mentor, MentorCategory
from pairings.models import Pairing, PairingEvent
from stats.models import Question, Touched
from units.models import Placed

PAIRS, RECORDS = 1_000_000, 20_000_000
NAMES = 20_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭肖田董潘袁蔡蒋余于杜叶"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国文志海山晓红春雨东亮宇浩然子轩一梦佳"
TABLES: tuple[type[models.Model], ...] = (
    Cadre, Posting, Mentor, Mentee, Exemption, Pairing, PairingEvent, Session, Visit, Assignment,
)  # fmt: skip
PLACE = dict.fromkeys(("unit_id", "province_id", "city_id", "county_id", "township_id"))
PLACED = {column: f"s.{column}" for column in PLACE}


class Written(NamedTuple):
    table: str
    rows: int
    seconds: float


PREPARE = """
CREATE OR REPLACE FUNCTION pg_temp.pick(i bigint, salt int, n int)
RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT ((hashint8extended(i, %(seed)s::bigint * 1000 + salt) & 9223372036854775807) %% n)::int
$$;
CREATE TEMP TABLE counties ON COMMIT DROP AS
    SELECT (row_number() OVER (ORDER BY c.path) - 1)::int AS number,
        COALESCE((SELECT array_agg(t.id ORDER BY t.path) FROM units_unit t
                  WHERE t.county_id = c.id AND t.kind = 'township'), ARRAY[c.id]) AS places
    FROM units_unit c WHERE c.kind = 'county' AND c.id %% %(one_in)s = 0;
CREATE TEMP TABLE people ON COMMIT DROP AS
    SELECT uuidv7() AS id, i, is_mentor, u.id AS unit_id, u.province_id, u.city_id, u.county_id,
        u.township_id, names.name, names.pinyin, names.initials
    FROM (SELECT number, places, (SELECT count(*) FROM counties)::int AS all_counties FROM counties)
            AS c
        CROSS JOIN (VALUES (true, %(mentors)s), (false, %(mentees)s)) AS side (is_mentor, wanted)
        CROSS JOIN LATERAL (SELECT number + all_counties * step::bigint AS i
            FROM generate_series(0, wanted / all_counties) AS step) AS numbered
        JOIN units_unit u ON u.id = c.places[1 + pg_temp.pick(i, 1, cardinality(c.places))]
        JOIN names ON names.number = pg_temp.pick(i, CASE WHEN is_mentor THEN 2 ELSE 3 END,
            %(names)s)
    WHERE i < wanted;
CREATE UNIQUE INDEX ON people (is_mentor, i);
ANALYZE people;
"""
# A pair for each of the first mentees, with a mentor of the county; one of a hundred elsewhere.
PAIR = """
CREATE TEMP TABLE pairs ON COMMIT DROP AS
    SELECT uuidv7() AS id, s.*, row_number() OVER (ORDER BY i) - 1 AS n,
        CASE WHEN dice < 62 THEN 'active' WHEN dice < 66 THEN 'suspended'
            WHEN dice < 84 THEN 'completed' WHEN dice < 93 THEN 'terminated'
            WHEN dice < 97 THEN 'proposed' ELSE 'withdrawn' END AS state,
        LEAST(%(today)s, from_on + 30 + pg_temp.pick(i, 6, 900)) AS last
    FROM (SELECT m.id AS mentee_id, m.i, m.unit_id, m.province_id, m.city_id, m.county_id,
            m.township_id, t.id AS mentor_cadre_id, pg_temp.pick(m.i, 4, 100) AS dice,
            %(today)s::date - 30 - pg_temp.pick(m.i, 5, 1000) AS from_on
        FROM people m, (SELECT count(*)::int AS n FROM counties) AS c, people t
        WHERE NOT m.is_mentor AND m.i < %(pairs)s AND t.is_mentor
            AND t.i = ((m.i %% c.n + c.n * (m.i / c.n * %(mentors)s / %(pairs)s))
                + CASE WHEN pg_temp.pick(m.i, 7, 100) = 0 THEN 1 ELSE 0 END) %% %(mentors)s) AS s;
CREATE UNIQUE INDEX ON pairs (n);
CREATE UNIQUE INDEX ON pairs (mentee_id);
ANALYZE pairs;
CREATE TEMP TABLE begun ON COMMIT DROP AS
    SELECT *, row_number() OVER (ORDER BY n) - 1 AS number
    FROM pairs WHERE state NOT IN ('proposed', 'withdrawn');
CREATE UNIQUE INDEX ON begun (number);
ANALYZE begun;
"""
# Records in the order of their days, each of any pair of the country: as years of use leave them.
OF_PAIRS = """(SELECT r, b.*, GREATEST(b.from_on, LEAST(b.last,
        %(today)s::date - 730 + (r * 730 / %(wanted)s)::int)) AS day
    FROM generate_series(0, %(wanted)s::bigint - 1) AS r
    JOIN begun b ON b.number = pg_temp.pick(r, %(salt)s, (SELECT count(*)::int FROM begun))) AS s"""
EVENTS = """(SELECT s.*, e.* FROM pairs s, LATERAL (VALUES
        ('register', '', 'proposed', from_on - 10, true),
        ('approve', 'agreed', 'active', from_on, state NOT IN ('proposed', 'withdrawn')),
        ('suspend', 'active', 'suspended', last, state = 'suspended'),
        ('complete', 'active', 'completed', last, state = 'completed'),
        ('terminate', 'active', 'terminated', last, state = 'terminated'),
        ('withdraw', 'proposed', 'withdrawn', last, state = 'withdrawn')
    ) AS e (verb, old, new, day, happened) WHERE happened) AS s"""


def is_empty() -> bool:
    return not Cadre.objects.exists()


def seed(*, scale: float, seed: int, today: dt.date, one_in: int = 1) -> Iterator[Written]:
    """Fill a database that has units and no people; says what it wrote, table by table.

    All or nothing: what it says holds when it has come to its end. With `one_in` 10 and a scale
    of 0.1 every tenth county is as full as in the whole nation, and the others are empty.
    """
    pairs = max(int(PAIRS * scale), 100)
    values: dict[str, Any] = {
        "seed": seed,
        "today": today,
        "one_in": one_in,
        "pairs": pairs,
        "mentors": pairs * 2 // 5,
        "mentees": pairs * 21 // 20,
        "names": NAMES,
    }
    records = max(int(RECORDS * scale), 1_000)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        _names(seed)
        cursor.execute(PREPARE, values)
        yield from _people(values)
        cursor.execute(PAIR, values)
        yield from _pairs(values)
        for model, share, salt in ((Session, 50, 20), (Visit, 30, 21), (Assignment, 20, 22)):
            yield _records(model, {**values, "wanted": records * share // 100, "salt": salt})
        cursor.execute("SET LOCAL session_replication_role = origin")
        # No trigger told the kept answers.
        Question.objects.all().delete()
        Touched.objects.all().delete()


def _names(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # names are no secret
    made = {
        chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))
        for _ in range(NAMES * 3)
    }
    rows = [(number, name, *pinyin.keys(name)) for number, name in enumerate(sorted(made)[:NAMES])]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE names (number int PRIMARY KEY, name text, pinyin text,"
            " initials text) ON COMMIT DROP"
        )
        execute_values(cursor.cursor, "INSERT INTO names VALUES %s", rows, page_size=5_000)


def _people(values: dict[str, Any]) -> Iterator[Written]:
    named = {"name": "s.name", "pinyin": "s.pinyin", "initials": "s.initials"}
    born = "CASE WHEN s.is_mentor THEN 1958 + pg_temp.pick(i, 8, 30)" \
        " ELSE 1986 + pg_temp.pick(i, 8, 18) END"  # fmt: skip
    yield _insert(Cadre, "people s", values, id="s.id", **named, **PLACED,
        gender="(1 + pg_temp.pick(i, 9, 2))::text", ethnicity="'01'",
        birth_month=f"({born}) || '-' || lpad((1 + pg_temp.pick(i, 10, 12))::text, 2, '0')",
        education="(ARRAY['14', '21', '21', '31', '61'])[1 + pg_temp.pick(i, 11, 5)]",
        later_education="(ARRAY['', '', '21'])[1 + pg_temp.pick(i, 12, 3)]",
        political_status="(ARRAY['01', '01', '02', '03', '13'])[1 + pg_temp.pick(i, 13, 5)]",
        staffing="(ARRAY['civil', 'institution', 'village'])[1 + pg_temp.pick(i, 14, 3)]",
        id_tail="lpad(pg_temp.pick(i, 15, 10000)::text, 4, '0')",
    )  # fmt: skip
    yield _insert(Posting, "people s", values, id="uuidv7()", cadre_id="s.id", **PLACED,
        title="(ARRAY['组织委员', '副镇长', '科员', '党政办主任'])[1 + pg_temp.pick(i, 16, 4)]",
        is_main="true", from_on="%(today)s::date - 1200 - pg_temp.pick(i, 17, 2000)",
    )  # fmt: skip
    kinds = list(MentorCategory.objects.order_by("pk").values_list("pk", flat=True))
    yield _insert(Mentor, "people s WHERE s.is_mentor", values, id="uuidv7()", cadre_id="s.id",
        **named, **PLACED, state="'in_office'", capacity="2 + pg_temp.pick(i, 18, 3)",
        category_id=_one_of(kinds, 19), from_on="%(today)s::date - 1100 - pg_temp.pick(i, 23, 900)",
    )  # fmt: skip


def _pairs(values: dict[str, Any]) -> Iterator[Written]:
    kinds = list(MenteeCategory.objects.order_by("pk").values_list("pk", flat=True))
    entered = "people s LEFT JOIN pairs p ON p.mentee_id = s.id WHERE NOT s.is_mentor"
    yield _insert(Mentee, entered, values, id="uuidv7()", cadre_id="s.id",
        category_id=_one_of(kinds, 24, "s.i"), from_on="COALESCE(p.from_on - 20, %(today)s - 60)",
        to_on="CASE WHEN p.state = 'completed' THEN p.last END",
    )  # fmt: skip
    away = "cadres_mentee s JOIN people p ON p.id = s.cadre_id" \
        " WHERE s.to_on IS NULL AND pg_temp.pick(p.i, 25, 100) = 0"  # fmt: skip
    yield _insert(Exemption, away, values, id="uuidv7()", mentee_id="s.id", reason="'借调'",
        from_on="GREATEST(s.from_on, %(today)s - 200)",
    )  # fmt: skip
    yield _insert(Pairing, "pairs s JOIN mentors_mentor m ON m.cadre_id = s.mentor_cadre_id",
        values, id="s.id", mentor_id="m.id", mentor_cadre_id="s.mentor_cadre_id",
        mentee_id="s.mentee_id", **PLACED, state="s.state", from_on="s.from_on",
        to_on="s.from_on + 1095", created_at="s.from_on - 10",
        ended_on="CASE WHEN s.state IN ('completed', 'terminated', 'withdrawn') THEN s.last END",
    )  # fmt: skip
    yield _insert(PairingEvent, EVENTS, values, pairing_id="s.id", verb="s.verb",
        from_state="s.old", to_state="s.new", on="s.day", at="s.day + interval '9 hours'",
    )  # fmt: skip
    # Those who graduated go on as mentors: one of twenty.
    heirs = "pairs s JOIN people p ON p.id = s.mentee_id" \
        " WHERE s.state = 'completed' AND pg_temp.pick(s.i, 26, 20) = 0"  # fmt: skip
    kinds = list(MentorCategory.objects.order_by("pk").values_list("pk", flat=True))
    yield _insert(Mentor, heirs, values, id="uuidv7()", cadre_id="p.id", name="p.name",
        pinyin="p.pinyin", initials="p.initials", **PLACED, state="'in_office'",
        category_id=_one_of(kinds, 27, "s.i"), from_on="s.last",
    )  # fmt: skip


def _records(model: type[models.Model], values: dict[str, Any]) -> Written:
    said: dict[type[models.Model], dict[str, str]] = {
        Session: {
            "happened_on": "s.day", "topic": "'村务公开怎么做'",
            "content": "'一同看了公开栏，说了哪些该公开、怎么公开、群众问起来怎么答。'",
            "method": "(ARRAY['assignment', 'on_site', 'practice', 'rehearsal', 'dissection',"
                      " 'review'])[1 + pg_temp.pick(r, 28, 6)]",
        },
        Visit: {
            "happened_on": "s.day", "place_text": "'村口'", "done": "'听了两户的想法。'",
            "visited": "(ARRAY['household', 'hardship', 'firm'])[1 + pg_temp.pick(r, 29, 3)]",
            "is_with_mentor": "pg_temp.pick(r, 30, 2) = 0",
        },
        Assignment: {
            "title": "'写一份走访小结'", "due_on": "s.day + 14",
            "state": "CASE WHEN pg_temp.pick(r, 31, 4) = 0 THEN 'set' ELSE 'accepted' END",
            "decided_at": "CASE WHEN pg_temp.pick(r, 31, 4) > 0"
                          " THEN LEAST(s.day + 12, %(today)s) + interval '10 hours' END",
        },
    }  # fmt: skip
    return _insert(model, OF_PAIRS, values, id="uuidv7()", pairing_id="s.id", **PLACED,
        created_at="s.day + interval '9 hours'", **said[model],
    )  # fmt: skip


def _one_of(numbers: list[int], salt: int, i: str = "i") -> str:
    return f"(ARRAY{numbers})[1 + pg_temp.pick({i}, {salt}, {len(numbers)})]"


def _insert(model: type[models.Model], source: str, values: dict[str, Any], **said: str) -> Written:
    """One INSERT … SELECT; a column that nothing is said of has what the model says, or NULL."""
    began = time.monotonic()
    columns, expressions = [], []
    for field in model._meta.concrete_fields:
        if field.generated or (field.column not in said and field.primary_key):
            continue
        columns.append(sql.Identifier(field.column))
        expressions.append(sql.SQL(said[field.column]) if field.column in said else _usual(field))
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns),
        sql.SQL(", ").join(expressions), sql.SQL(source),
    )  # fmt: skip
    with connection.cursor() as cursor, _without_indexes(model):
        cursor.execute(statement, values)
        rows = cursor.rowcount
    return Written(model._meta.db_table, rows, time.monotonic() - began)


def _usual(field: models.Field[Any, Any]) -> sql.Composable:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return sql.SQL("now()")
    if field.null:
        return sql.SQL("NULL")
    given = field.get_default()
    if isinstance(given, dict):
        return sql.Literal("{}")
    return sql.Literal(str(given) if isinstance(given, str) else given)


@contextmanager
def _without_indexes(model: type[models.Model]) -> Iterator[None]:
    """Indexes that are no constraints go and come back: built at once, they take a tenth."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
               WHERE indrelid = %s::regclass AND NOT EXISTS
                   (SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
            [model._meta.db_table],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in found:
            cursor.execute(definition)


def faults() -> dict[str, int]:
    """What triggers and foreign keys would not have let in, counted; empty when all is right."""
    found = {}
    for model in TABLES:
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                other = field.related_model._meta.db_table
                found[f"{table}.{field.column}"] = _count(
                    f"{table} r LEFT JOIN {other} o ON o.id = r.{field.column}"
                    f" WHERE r.{field.column} IS NOT NULL AND o.id IS NULL"
                )
        if issubclass(model, Placed):
            columns = ", ".join(f"{{0}}.{column}" for column in PLACE if column != "unit_id")
            found[f"{table} stands elsewhere than its unit"] = _count(
                f"{table} r JOIN units_unit u ON u.id = r.unit_id WHERE r.past_path <> ''"
                f" OR ({columns.format('r')}) IS DISTINCT FROM ({columns.format('u')})"
            )
    found["mentors_mentor is called otherwise"] = _count(
        "mentors_mentor r JOIN cadres_cadre c ON c.id = r.cadre_id"
        " WHERE (r.name, r.pinyin, r.initials) <> (c.name, c.pinyin, c.initials)"
    )
    return {what: n for what, n in found.items() if n}


def _count(rows: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rows}")  # noqa: S608  # of literals above
        return int(cursor.fetchone()[0])
