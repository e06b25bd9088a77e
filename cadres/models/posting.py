"""任职: who held which post at which unit, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from cadres.characters import characters
from core.models import Identified
from units.models import FormerName, Placed, UnitQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> Self:
        """Posts at units of the user's subtrees, also of people who have moved elsewhere since.

        Whoever reads the posts of an earlier day may show of such a person the name and that
        post, nothing more: see docs/decisions/who-served-where.md.
        """
        return self.filter(user.rows_q())

    def for_list(self, on: dt.date | None = None) -> Self:
        """With the unit's ancestors, and `unit_called`: the unit's name of that time.

        The time is the day `on`, or the last day of the post; an open post's unit is called what
        it is called today.
        """
        day = Value(on) if on else OuterRef("to_on")
        borne = Q(from_on=None) | Q(from_on__lte=day)
        former = FormerName.objects.filter(borne, unit=OuterRef("unit"), to_on__gte=day)
        rows = self.select_related("unit", "township", "county")
        return rows.annotate(
            unit_called=Coalesce(Subquery(former.values("name")[:1]), F("unit__name"))
        )

    def on(self, day: dt.date) -> Self:
        """Posts held on that day; an unknown beginning counts as long ago."""
        return self.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gte=day))


class Posting(Identified, Placed):
    """任职: a post at a unit from a day to a day; an unknown beginning is empty."""

    cadre = models.ForeignKey(
        "cadres.Cadre", verbose_name=_("cadre"), on_delete=models.CASCADE, related_name="postings"
    )
    title = models.CharField(_("post"), max_length=200, blank=True)
    is_main = models.BooleanField(_("main post"), default=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)

    tally = _("%(n)d posts")
    unit_called: str  # by for_list()

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = [F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(is_main=True, to_on=None),
                name="posting_one_open_main",
            ),
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "to_on"], name="posting_county_to"),
            models.Index(fields=["county", "unit"], name="posting_county_unit"),
            # Whole, though only open posts are sought: of a part PostgreSQL keeps no statistics.
            GinIndex(characters("title"), name="posting_title_characters"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}".strip()

    @classmethod
    def open_on(cls, day: dt.date) -> Q:
        return Q(to_on=None) | Q(to_on__gte=day)

    @classmethod
    def cut(cls, units: UnitQuerySet, day: dt.date) -> None:
        """A post held across the day becomes two: up to the day before, and from the day on.

        So who served where, and under which county, can be answered for every day.
        """
        same = [
            sql.Identifier(field.column)
            for field in cls._meta.concrete_fields
            if field.name not in {"id", "from_on", "to_on"}
        ]
        statement = sql.SQL(
            """WITH cut AS (
                   UPDATE {table} SET to_on = %(day)s::date - 1
                   WHERE unit_id = ANY(%(units)s) AND past_path = ''
                     AND (from_on IS NULL OR from_on < %(day)s)
                     AND (to_on IS NULL OR to_on >= %(day)s)
                   RETURNING old.*)
               INSERT INTO {table} (id, from_on, to_on, {same})
               SELECT uuidv7(), %(day)s, to_on, {same} FROM cut"""
        ).format(table=sql.Identifier(cls._meta.db_table), same=sql.SQL(", ").join(same))
        ids = list(units.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(statement, {"day": day, "units": ids})
