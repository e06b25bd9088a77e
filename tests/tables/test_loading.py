"""Rows by COPY come out of the table as they were given."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.models import Cadre, CadreEvent
from core.models import uuid7
from mentors.models import Mentor
from tables.loading import ModelLoad


@pytest.mark.parametrize(
    "text", ["", "\\N", "a\tb\nc\rd", "\\", "C:\\neu", "「·」", "𠮷", "x" * 400, "\u2028", "'\""]
)
def test_any_text_comes_back(tree, text):
    cadre, event = uuid7(), uuid7()
    people = ModelLoad(Cadre, unit_id=tree.shangshu.pk, county_id=tree.anji.pk)
    people.put(id=cadre, name="甲", pinyin="jia")
    events = ModelLoad(CadreEvent, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    events.put(id=event, cadre_id=cadre, verb="correct", detail=text, fields=[text], on=None)
    assert (people.pour(), events.pour(), events.pour()) == (1, 1, 0)
    found = CadreEvent.objects.get(pk=event)
    assert (found.detail, found.fields, found.on) == (text, [text], None)
    assert found.cadre.township == tree.shangshu  # the database put the row in its place


def test_what_a_row_does_not_say_is_the_default(tree):
    load = ModelLoad(Mentor, unit_id=tree.shangshu.pk)
    with pytest.raises(KeyError):
        load.put(nobody=1)
    with pytest.raises(ValueError, match="nobody"):
        ModelLoad(Mentor, nobody=1)
    assert load.count == 0
