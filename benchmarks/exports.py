"""A register as a file: our download, PostgreSQL's own COPY, and what others would do.

The whole response is read. Each run is a process of its own (`benchmarks.alone`), so that its
peak of memory is nobody else's; ways take turns, so that a drifting machine hits all alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection
from django.test import Client
from django.utils import timezone
from import_export import resources
from import_export.formats import base_formats

from accounts.models import Role, User, grant
from benchmarks.timing import Row
from cadres.exporting import columns
from cadres.filters import SORTS
from cadres.models import Cadre
from tables.sheets import statement_of
from units.models import Unit

ROOT = Path(__file__).resolve().parent.parent
BACKEND = "django.contrib.auth.backends.ModelBackend"
CITY, COORDINATOR = "330500000000", "bench.export"
OTHERS_UP_TO = 100_000  # the other ways take minutes beyond
# A register as large as asked for, in the towns of one city, made by the database itself.
FILL = """
WITH towns AS (
    SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS n FROM units_unit
    WHERE kind = 'township' AND city_id = %(city)s
), made AS (
    INSERT INTO cadres_cadre (
        id, created_at, updated_at, name, pinyin, initials, gender, birth_month, ethnicity,
        id_tail, political_status, party_month, education, later_education, is_party_school,
        work_month, staffing, phone, left_reason, unit_id, province_id, city_id, county_id,
        township_id
    )
    SELECT uuidv7(), now(), now(), '测' || chr(19968 + i %% 2000) || chr(20000 + i %% 997),
        'ce' || lpad(i::text, 8, '0'), 'cxx', (1 + i %% 2)::text,
        (1960 + i %% 45) || '-' || lpad((1 + i %% 12)::text, 2, '0'), '01',
        lpad((i %% 10000)::text, 4, '0'), (ARRAY['01', '03', '13'])[1 + i %% 3], '',
        (ARRAY['14', '21', '31'])[1 + i %% 3], '21', false,
        (1985 + i %% 40) || '-08', (ARRAY['civil', 'institution', 'village'])[1 + i %% 3],
        '138' || lpad((i %% 100000000)::text, 8, '0'), '',
        u.id, u.province_id, u.city_id, u.county_id, u.township_id
    FROM generate_series(1, %(rows)s) AS i, towns,
        LATERAL (SELECT * FROM units_unit WHERE id = towns.ids[1 + i %% towns.n]) AS u
    RETURNING id, unit_id, province_id, city_id, county_id, township_id
)
INSERT INTO cadres_posting (
    id, cadre_id, title, is_main, unit_id, province_id, city_id, county_id, township_id
)
SELECT uuidv7(), id, '组织委员', true, unit_id, province_id, city_id, county_id, township_id
FROM made
"""


class Sink:
    """Counts what is written into it, and keeps nothing."""

    size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


class CadreResource(resources.ModelResource):
    class Meta:
        model = Cadre
        fields = (
            "name", "gender", "birth_month", "ethnicity", "political_status", "education",
            "later_education", "is_party_school", "work_month", "unit__name",
            "unit__parent__name", "staffing", "phone", "left_on",
        )  # fmt: skip


def fill(rows: int) -> None:
    """Nobody but so many invented people on the register, in Huzhou's towns."""
    city = Unit.objects.get(code=CITY)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cadres_cadre CASCADE")
        # The rows point at what is there; asking that for each of them would take minutes.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, {"city": city.pk, "rows": rows})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE cadres_cadre, cadres_posting")


def coordinator() -> User:
    user, is_new = User.objects.get_or_create(username=COORDINATOR, name="bench")
    if is_new:
        grant(user, Role.COORDINATOR, Unit.objects.get(code=CITY), by=None)
    return user


def warm_up() -> None:
    """A server has opened its connection and read its pages long before somebody exports."""
    client = Client()
    client.force_login(coordinator(), backend=BACKEND)
    client.get("/cadres/export/")


def download(format_: str) -> int:
    """The bytes of the page's own answer, read to the end."""
    client = Client()
    client.force_login(coordinator(), backend=BACKEND)
    response = client.post("/cadres/export/", {"format": format_})
    if response.status_code != 200 or not response.streaming:
        raise RuntimeError(f"no file: {response.status_code}")
    return sum(len(piece) for piece in response.streaming_content)


def asked() -> tuple[Any, list[Any]]:
    """The rows and columns of that answer."""
    user = coordinator()
    rows = Cadre.objects.visible_to(user).on_register().with_post().order_by(*SORTS["name"].order)
    return rows, columns(user, is_masked=True, today=timezone.localdate())


def copy() -> int:
    """PostgreSQL's own COPY of the same query, into nothing."""
    select = statement_of(*asked())
    if select is None:
        raise RuntimeError("no row can fulfil this query")
    sink = Sink()
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        statement = cursor.mogrify(select.sql, select.params).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv)", sink)
    return sink.size


def cell_by_cell() -> int:
    """The same rows by a cursor of the server's, written by xlsxwriter."""
    rows, asked_for = asked()
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(
            file.name, {"constant_memory": True, "strings_to_formulas": False}
        )
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.title for column in asked_for])
        values = rows.values_list(*[column.value for column in asked_for])
        for number, row in enumerate(values.iterator(chunk_size=2_000), 1):
            for at, value in enumerate(row):
                sheet.write(number, at, value)
        book.close()
        return os.path.getsize(file.name)


def import_export(writer: base_formats.TablibFormat) -> int:
    """ModelResource of the same model, with the columns that are fields."""
    related = asked()[0].select_related("unit__parent")
    content = writer.export_data(CadreResource().export(related))
    return len(content.encode() if isinstance(content, str) else content)


WAYS = {
    "csv": ("Bangdai: the page's CSV, read to the end", lambda: download("csv")),
    "copy": ("limit: PostgreSQL's own COPY of the same query to CSV", copy),
    "import-export-csv": (
        "django-import-export to CSV", lambda: import_export(base_formats.CSV())
    ),
    "xlsx": ("Bangdai: the page's XLSX, read to the end", lambda: download("xlsx")),
    "xlsxwriter": ("xlsxwriter, constant_memory, server-side cursor", cell_by_cell),
    "import-export-xlsx": (
        "django-import-export to XLSX", lambda: import_export(base_formats.XLSX())
    ),
}  # fmt: skip
_HOW = "each run a process of its own, its peak memory in brackets"
TABLES = {
    f"The register of cadres as CSV ({_HOW})": ("csv", "copy", "import-export-csv"),
    f"The register of cadres as XLSX ({_HOW})": (
        "xlsx",
        "copy",
        "xlsxwriter",
        "import-export-xlsx",
    ),
}


def alone(way: str) -> tuple[float, int]:
    """Milliseconds, and megabytes at the peak, of a process that does it once."""
    command = [sys.executable, "-m", "benchmarks.alone", way]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    milliseconds, megabytes = run.stdout.split()[-2:]
    return float(milliseconds), int(megabytes)


def measure(rows: int, *, rounds: int) -> list[Row]:
    fill(rows)
    size = f"{rows:,} people × 17 columns"
    found = []
    for what, ways in TABLES.items():
        taken = ways if rows <= OTHERS_UP_TO else ways[:2]
        runs: dict[str, list[tuple[float, int]]] = {way: [] for way in taken}
        for number in range(rounds):
            for way in taken:
                # What takes half a minute is measured once.
                if number == 0 or way in {"csv", "xlsx", "copy"}:
                    runs[way].append(alone(way))
        medians = {way: statistics.median(time for time, _ in runs[way]) for way in taken}
        for way in taken:
            label = f"{WAYS[way][0]} ({max(peak for _, peak in runs[way])} MB)"
            found.append(Row(what, size, label, medians[way], medians[way] / medians[taken[0]]))
    return found
