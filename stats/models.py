"""Answers that are kept: what a county's rows count to, until something of that county changes.

Nothing here is a fact of its own. All of it can be emptied at any moment and is counted anew; see
docs/decisions/answers-are-kept-by-county.md.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from units.models import Unit


class Question(models.Model):
    """A cut-off day, a period and an age boundary that figures were asked for."""

    as_of = models.DateField()
    period_from = models.DateField()
    age = models.PositiveSmallIntegerField()
    # What the figures meant when they were counted (`bases.meaning`): another release asks anew.
    meaning = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "period_from", "age", "meaning"], name="question_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_from}–{self.as_of}"


class Wish(models.Model):
    """Somebody asked that question of that unit, all the country where it is empty."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="wishes")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "unit"], nulls_distinct=False, name="wish_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.unit_id or ''}"


class TallyCell(models.Model):
    """Values of one set of a base's dimensions, as `{"state_now": "active", "kind": 3}`."""

    base = models.CharField(max_length=16)
    values = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["base", "values"], name="tally_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.values}"


class Tally(models.Model):
    """How many rows of a county lie in each cell, in one place.

    `place` is the beginning of the rows' path, three units long: enough to say below which child
    of a province or a city they lie. A county that was counted has a row with an empty place,
    whether or not anything was found there.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="tallies")
    county_id = models.BigIntegerField()
    place = models.CharField(max_length=64)
    cells = ArrayField(models.IntegerField())
    counts = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "county_id", "place"], name="tally_once_per_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.place}"


class Touched(models.Model):
    """Something was written in a county, or about a person, since its answers were counted.

    Triggers append (stats/touching.py), in the transaction of the write. Without foreign keys:
    an appended row locks nothing.
    """

    county_id = models.BigIntegerField(null=True)
    person_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.county_id or self.person_id}"


class Check(models.Model):
    """Kept answers were counted again: how many, and how many of them were wrong."""

    at = models.DateTimeField(default=timezone.now)
    compared = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.differing}/{self.compared}"
