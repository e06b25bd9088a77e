"""Many people to other units or posts at once: what `Cadre.move_to` does, for a whole roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cadres.models import Cadre, CadreEvent, CadreVerb, Posting
from units.models import Unit

# Columns of a person that follow from the unit; the caller saves them with its own.
PLACE = ("unit", "province", "city", "county", "township")


class Move(NamedTuple):
    cadre: Cadre
    unit: Unit
    title: str


@transaction.atomic
def move_all(moves: Sequence[Move], *, on: dt.date, by: User | None = None) -> None:
    """Close each open main posting the day before and open one at the unit.

    A posting that began on the day or later never took effect and is deleted. Each cadre is put
    in its unit; its row is not saved here: the caller saves PLACE with what else it changes.
    """
    people = [move.cadre.pk for move in moves]
    locked = Cadre.objects.select_for_update().filter(pk__in=people).order_by("pk")
    list(locked.values_list("pk"))  # one move of a person at a time
    open_posts = Posting.objects.filter(cadre__in=people, is_main=True, to_on=None)
    open_posts.filter(from_on__gte=on).delete()
    began_before = Q(from_on=None) | Q(from_on__lt=on)
    open_posts.filter(began_before).update(to_on=on - dt.timedelta(days=1))
    opened = []
    for move in moves:
        posting = Posting(cadre=move.cadre, title=move.title, from_on=on)
        posting.put_in(move.unit)
        move.cadre.put_in(move.unit)
        opened.append(posting)
    Posting.objects.bulk_create(opened, batch_size=1_000)
    CadreEvent.objects.bulk_create(
        [
            CadreEvent(
                cadre=post.cadre, verb=CadreVerb.MOVE, actor=by, on=on, detail=str(post)[:400]
            )
            for post in opened
        ],
        batch_size=1_000,
    )
