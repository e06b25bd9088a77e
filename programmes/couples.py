"""Who wished for whom, for the office that draws up the list."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Subquery, Value, When

from programmes.models import PlannedPair, Preference, Programme, Side
from programmes.models.preference import PreferenceQuerySet
from programmes.wishing import Wisher

ORDER = ("one_sided", "mentee__pinyin", "mentee_id", "nth", "id")


def couples_of(programme: Programme) -> PreferenceQuerySet:
    """A row for each couple of a live wish, mutual ones first by ORDER.

    Adds `other_nth` (the choice of the other side, if it made one), `one_sided` (0 or 1) and
    `is_planned`. A mutual couple stands with the mentee's wish.
    """
    live = Preference.objects.live().filter(programme=programme)
    couple = {"mentor": OuterRef("mentor"), "mentee": OuterRef("mentee")}
    answer = live.filter(**couple).exclude(side=OuterRef("side"))
    planned = PlannedPair.objects.filter(programme=programme, **couple)
    rows = live.annotate(other_nth=Subquery(answer.values("nth")[:1]), is_planned=Exists(planned))
    alone = Case(When(other_nth=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.filter(Q(side=Side.MENTEE) | Q(other_nth=None)).annotate(one_sided=alone)
    return rows.select_related("mentor__cadre__unit", "mentee__unit")


def choices(row: Any) -> tuple[int | None, int | None]:
    """Of a couple: which choice the mentor is of the mentee, and the mentee of the mentor."""
    if row.side == Side.MENTEE:
        return row.nth, row.other_nth
    return row.other_nth, row.nth


def with_said(rows: Any, programme: Programme, side: Side) -> Any:
    """Adds `said` to mentors or to entries of mentees: how many wishes of theirs stand."""
    live = Preference.objects.live().filter(programme=programme, side=side)
    own = {"mentor": OuterRef("pk")} if side == Side.MENTOR else {"mentee": OuterRef("cadre")}
    last = live.filter(**own).order_by("-nth").values("nth")[:1]
    return rows.annotate(said=Subquery(last))


def history_of(wisher: Wisher) -> list[Preference]:
    """Wishes that were withdrawn, the latest first."""
    rows = wisher.wishes.filter(withdrawn_at__isnull=False)
    rows = rows.select_related("mentor__cadre", "mentee", "created_by")
    return list(rows.order_by("-withdrawn_at", "-said_at", "nth")[:50])
