"""Posts beside the main one, and dates that were entered wrongly: verbs with an event each.

The main post changes by `Cadre.move_to` and ends by `Cadre.leave`.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cadres.models import AlreadyLeft, Cadre, CadreEvent, CadreVerb, Posting
from units.models import Unit


class StalePost(Exception):
    """The post has changed since it was read, or is none that this verb ends."""


@transaction.atomic
def add_post(cadre: Cadre, *, unit: Unit, title: str, from_on: dt.date | None, by: User) -> Posting:
    """兼任: an open post beside the main one; asked for again, the post made before.

    AlreadyLeft when the person is no longer on the register.
    """
    locked = Cadre.objects.select_for_update().get(pk=cadre.pk)
    if locked.left_on or locked.merged_into_id:
        raise AlreadyLeft
    same = {"unit": unit, "title": title, "from_on": from_on, "is_main": False, "to_on": None}
    if made_before := cadre.postings.filter(**same).first():
        return made_before
    post = Posting.objects.create(cadre=cadre, **same)
    CadreEvent.note(cadre, CadreVerb.ADD_POST, by=by, on=from_on, detail=str(post))
    return post


@transaction.atomic
def end_post(post: Posting, *, on: dt.date, by: User) -> None:
    """The last day of an additional post; StalePost when it is ended already or the main one."""
    changed = Posting.objects.filter(pk=post.pk, to_on=None, is_main=False).update(to_on=on)
    if not changed:
        raise StalePost
    CadreEvent.note(post.cadre, CadreVerb.END_POST, by=by, on=on, detail=str(post))


@transaction.atomic
def correct_post(
    post: Posting, *, title: str, from_on: dt.date | None, to_on: dt.date | None, by: User
) -> None:
    """Put right what was entered; an open post stays open and an ended one ended.

    StalePost when somebody else changed it since `post` was read.
    """
    as_read = Posting.objects.filter(
        pk=post.pk, title=post.title, from_on=post.from_on, to_on=post.to_on
    )
    if (to_on is None) != (post.to_on is None) or not as_read.update(
        title=title, from_on=from_on, to_on=to_on
    ):
        raise StalePost
    was = f"{post.from_on or '?'} – {post.to_on or '?'}"
    detail = f"{post} ({was})"
    CadreEvent.note(post.cadre, CadreVerb.CORRECT_POST, by=by, on=from_on, detail=detail)


def overlapping(post: Posting, from_on: dt.date | None, to_on: dt.date | None) -> Posting | None:
    """Another main post of the person on some day of these; a person has one at a time."""
    others = Posting.objects.filter(cadre=post.cadre_id, is_main=True).exclude(pk=post.pk)
    if to_on is not None:
        others = others.filter(Q(from_on=None) | Q(from_on__lte=to_on))
    if from_on is not None:
        others = others.filter(Q(to_on=None) | Q(to_on__gte=from_on))
    return others.select_related("unit").first() if post.is_main else None
