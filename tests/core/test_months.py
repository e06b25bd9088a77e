import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.months import earliest_birth, full_years, month_of, parse_month, shift

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    ["1985.07", "1985.7", "1985-7", "198507", "1985/07", "1985年7月", "１９８５．０７", "1985 . 7",
     "1985-07-03", "19850703", "1985-07-03 00:00:00"],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text):
    assert parse_month(text) == "1985-07"


@pytest.mark.parametrize("text", ["", "1985", "1985.13", "1985.00", "七月", "31238.5", "3.305E+17"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_month(text)


def test_thirty_five_full_years_count_as_thirty_five_or_under():
    assert earliest_birth(35, DAY) == "1990-12"
    assert full_years("1990-12", DAY) == 35
    assert full_years("1990-11", DAY) == 36


@given(st.dates(dt.date(1920, 1, 1), dt.date(2020, 12, 31)), st.integers(16, 100))
def test_the_earliest_birth_month_is_the_border_of_the_age(born, age):
    month = month_of(born)
    assert (full_years(month, DAY) <= age) == (month >= earliest_birth(age, DAY))


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(-600, 600))
def test_shifting_back_undoes_a_shift(year, number, months):
    month = f"{year}-{number:02d}"
    assert shift(shift(month, months), -months) == month
