"""Days that somebody may mean; a year that slipped from the keys is told beside the field."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms

from core.fields import DayField
from core.months import end_of_term, month_of


class Form(forms.Form):
    on = DayField()


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("1900-01-01", {}),
        ("2999-12-31", {}),
        *(
            (text, {"on": ["请填写1900年至2999年之间的日期。"]})
            for text in ("0001-01-01", "0206-03-01", "1899-12-31", "3000-01-01", "9999-12-31")
        ),
    ],
)
def test_a_day_lies_between_1900_and_2999(text, errors):
    form = Form({"on": text})
    assert (form.is_valid(), form.errors) == (not errors, errors)


def test_the_browser_knows_the_bounds_and_keeps_those_of_a_page():
    class Narrow(forms.Form):
        on = DayField(widget=forms.DateInput(attrs={"min": "2026-01-01"}))

    assert 'min="1900-01-01" max="2999-12-31"' in str(Form()["on"])
    assert 'min="2026-01-01" max="2999-12-31"' in str(Narrow()["on"])


def test_months_of_early_years_are_reckoned_like_any_other():
    day = dt.date(206, 3, 1)
    assert (month_of(day), end_of_term(day, 12)) == ("0206-03", dt.date(207, 2, 28))
