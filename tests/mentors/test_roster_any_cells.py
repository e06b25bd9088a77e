"""Whatever stands in the cells, the file is answered, and sound rows come back the same."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadres.models import Cadre
from mentors.importing.columns import CADRES
from rosters.cells import Wrong, day, month, text
from rosters.kinds import kind_of
from tests.mentors.rosters import counts, faults, row, run

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ANY_CELL = st.one_of(
    ANY_TEXT,
    st.floats(allow_nan=False),
    st.integers(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["无", "1985.07", "3.3E+17", "=1+1", "#REF!", "2008年8月", "/", "１"]),
)


@given(ANY_CELL)
def test_a_cell_is_a_month_or_a_sentence(cell):
    for take in (month, day, text):
        with suppress(Wrong):  # nothing else is raised
            take(cell)


@pytest.mark.django_db
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.fixed_dictionaries({}, optional={column.field: ANY_CELL for column in CADRES}))
def test_any_cells_are_read_or_told(reading, cells):
    """Nothing is raised, and each fault names a column of the roster."""
    faulty = {fault["column"] for fault in reading(cells).faults}
    assert faulty <= {column.field for column in CADRES}


@pytest.fixture
def reading(cast):
    return kind_of("cadres").reader(cast.county)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_free_text_is_kept_or_told(cast, title):
    report = run(cast.county, row(职务=title))
    assert not faults(report) or faults(report)[0][1] == "职务"
    Cadre.objects.filter(name="王小明").delete()


@pytest.mark.parametrize("born", [dt.date(1950, 1, 1), dt.date(2000, 12, 31)])
def test_a_date_is_the_same_month_as_text_as_date_and_as_serial(cast, born):
    serial = (born - dt.date(1899, 12, 30)).days
    people = [
        row(姓名="甲", 出生年月=f"{born.year}.{born.month:02d}"),
        row(姓名="乙", 出生年月=born),
    ]
    people.append(row(姓名="丙", 出生年月=serial))
    assert counts(run(cast.county, *people)) == (3, 3, 0, 0)
    months = Cadre.objects.filter(name__in=["甲", "乙", "丙"]).values_list("birth_month", flat=True)
    assert set(months) == {f"{born.year}-{born.month:02d}"}
