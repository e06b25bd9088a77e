"""Where people served on a past day, for the lists of that day: their main posts of then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast

from cadres.models import Cadre, Posting, PostingQuerySet
from units.models import Unit

# The piece of `/<id>/<id>/…/<own id>/` before the last id.
_PARENT = -3


def main_posts(day: dt.date) -> PostingQuerySet:
    """The main posts of that day, of somebody with two the later one first; with `above_called`."""
    place = Func(OuterRef("past_path"), Value("/"), Value(_PARENT), function="split_part")
    then = Unit.objects.filter(pk=Cast(place, IntegerField()))
    above = Case(
        When(past_path="", then=F("unit__parent__name")),
        default=Subquery(then.values("name")[:1]),
    )
    rows = Posting.objects.on(day).filter(is_main=True).for_list(on=day)
    return rows.annotate(above_called=above).order_by(F("from_on").desc(nulls_last=True), "-pk")


def of_post(day: dt.date, person: str, column: str) -> Subquery:
    """A column of the main post on that day of the person whose id `person` leads to."""
    return Subquery(main_posts(day).filter(cadre=OuterRef(person)).values(column)[:1])


def served_at(unit: Unit, day: dt.date, person: str) -> Q:
    """Whether that person's main post on that day was in the unit or below it."""
    posts = Posting.objects.on(day).filter(unit.rows_q(), is_main=True)
    return Q(**{f"{person}__in": posts.values("cadre")})


def placed_as_then(people: Iterable[Cadre], day: dt.date) -> None:
    """These rows stand where they stood, nowhere without a post; for showing, never saved."""
    people = list(people)
    found: dict[object, Posting] = {}
    for post in main_posts(day).filter(cadre__in={person.pk for person in people}):
        found.setdefault(post.cadre_id, post)
    for person in people:
        person.unit, person.township = Unit(), None
        if person.pk in found:
            held = found[person.pk]
            person.unit, person.township = held.unit, held.township
            person.unit.name = held.unit_called
