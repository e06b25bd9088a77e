"""Two records of one person made one, and that undone.

Every row of every room that points at the second record is pointed at the kept one: which rows
there are is asked of the models (`_meta.related_objects`), so rooms above need not be known here.
What moved, and what the kept record took over, stands in `Merge`, so that undoing puts exactly
that back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cadres.codes import PARTY_MEMBERS
from cadres.models import Cadre, CadreEvent, CadreVerb, Merge, Posting

# What a person has one of; the choice is made where both records say something else.
FACTS = (
    "name", "gender", "birth_month", "ethnicity", "political_status", "party_month",
    "education", "later_education", "work_month", "staffing", "phone",
)  # fmt: skip
# Taken from the second record where the kept one has none; two different ones cannot be merged.
PROOFS = ("id_digest", "id_tail", "user_id")
_POSTS_ENDED, _POSTS_SECOND = "cadres_posting.to_on", "cadres_posting.is_main"


class CannotMerge(Exception):
    """The two cannot be made one, or not be parted again; `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def likely_same(cadre: Cadre, *, user: User) -> list[Cadre]:
    """Other records that may be this person: the same name and birth month, or the same name or
    birth month with the same last characters of the ID number; those that the user keeps."""
    if not user.governs(cadre.unit):
        return []
    alike = Q(name=cadre.name, birth_month=cadre.birth_month)
    if cadre.id_tail:
        same_tail = Q(id_tail=cadre.id_tail)
        alike |= same_tail & (Q(name=cadre.name) | Q(birth_month=cadre.birth_month))
    rows = kept_by(user).filter(alike).exclude(pk=cadre.pk).with_post().for_list()
    if cadre.id_digest:  # two different ID numbers are two people
        rows = rows.filter(id_digest=None)
    return list(rows.order_by("pinyin", "id")[:5])


def kept_by(user: User) -> Any:
    """The records of the units that the user coordinates."""
    mine = user.rows_q(roles=(Role.COORDINATOR,))
    return Cadre.objects.visible_to(user).filter(mine)


def open_merges(cadre: Cadre, *, user: User) -> list[Merge]:
    """Merges into this record that stand, for whoever keeps it."""
    if not user.governs(cadre.unit):
        return []
    rows = Merge.objects.filter(kept=cadre, undone_at=None)
    return list(rows.select_related("absorbed__unit", "created_by"))


def kept_record(pk: uuid.UUID) -> uuid.UUID | None:
    """The record that stands now for one that was merged; None for a record that was not."""
    found, at = None, Cadre.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    while at is not None:
        found = at
        at = Cadre.objects.filter(pk=at).values_list("merged_into", flat=True).first()
    return found


def blockers(one: Cadre, other: Cadre) -> list[str]:
    """Why the two cannot be one person's records, whichever is kept."""
    found = []
    if one.merged_into_id or other.merged_into_id:
        found.append(_("One of the two records has been merged already."))
    if one.id_digest and other.id_digest and one.id_digest != other.id_digest:
        found.append(_("The two have different ID numbers: they are two people."))
    if one.user_id and other.user_id:
        found.append(
            _("Both have a sign-in. Have the system administrator close one of them first.")
        )
    return found


@transaction.atomic
def merge(
    kept: Cadre,
    absorbed: Cadre,
    *,
    take: frozenset[str],
    reason: str,
    by: User,
    key: uuid.UUID | None,
) -> Merge:
    """Point everything at `kept`; `take` names the facts to be taken from the second record.

    CannotMerge with the sentences when the two exclude each other.
    """
    kept, absorbed = _locked(kept, absorbed)
    if found := blockers(kept, absorbed):
        raise CannotMerge(*found)
    if kept.left_on and not absorbed.left_on:
        raise CannotMerge(_("The kept record has left the register: keep the other one."))
    taken = _take(kept, absorbed, take)
    moved = _close_second_posts(kept, absorbed)
    for column, rows in _pointing_at(absorbed):
        if ids := [str(pk) for pk in rows.values_list("pk", flat=True)]:
            _point(rows, column, kept)
            moved[_label(column)] = ids
    merged = Merge.objects.create(
        kept=kept, absorbed=absorbed, reason=reason, moved=moved, taken=taken,
        created_by=by, client_key=key,
    )  # fmt: skip
    # Each timeline says it; the second record's own events have moved with the rest.
    CadreEvent.note(kept, CadreVerb.MERGE, by=by, detail=f"{absorbed.unit} · {reason}")
    CadreEvent.note(absorbed, CadreVerb.ABSORB, by=by, detail=f"{kept.unit} · {reason}")
    return merged


@transaction.atomic
def undo(merged: Merge, *, by: User) -> None:
    """Put rows and facts back; CannotMerge when something since then rests on the merge."""
    kept, absorbed = _locked(merged.kept, merged.absorbed)
    now = timezone.now()
    undone = Merge.objects.filter(pk=merged.pk, undone_at=None).update(undone_at=now, undone_by=by)
    if not undone:
        raise CannotMerge(_("This merge has been undone already."))
    if kept.merged_into_id:
        raise CannotMerge(_("The kept record was merged itself since: undo that first."))
    _give_back(kept, absorbed, merged.taken)
    for column, _rows in _pointing_at(kept):
        ids = merged.moved.get(_label(column), [])
        rows = column.model._base_manager.filter(**{"pk__in": ids, column.name: kept})
        _point(rows, column, absorbed)
    _reopen_second_posts(absorbed, merged)
    CadreEvent.note(kept, CadreVerb.UNDO_MERGE, by=by, detail=str(absorbed.unit))
    CadreEvent.note(absorbed, CadreVerb.UNDO_MERGE, by=by, detail=str(kept.unit))


def _locked(kept: Cadre, absorbed: Cadre) -> tuple[Cadre, Cadre]:
    """Both rows as they stand, locked in the order of their ids: two merges wait, none dies."""
    ids = [kept.pk, absorbed.pk]
    rows = Cadre.objects.select_for_update(of=("self",)).select_related("unit")
    by_pk = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    return by_pk[kept.pk], by_pk[absorbed.pk]


def _take(kept: Cadre, absorbed: Cadre, take: frozenset[str]) -> dict[str, list[Any]]:
    """Facts and proofs that the kept record takes over: `{field: [before, after]}`."""
    taken: dict[str, list[Any]] = {}
    for name in (*FACTS, *PROOFS):
        before, after = getattr(kept, name), getattr(absorbed, name)
        if after and before != after and (name in take or not before):
            taken[name] = [before, after]
    status = taken["political_status"][1] if "political_status" in taken else kept.political_status
    if status and status not in PARTY_MEMBERS:  # the month belongs to the membership
        taken.pop("party_month", None)
    school = [kept.is_party_school, absorbed.is_party_school]
    if "later_education" in taken and school[0] != school[1]:  # the mark belongs to that education
        taken["is_party_school"] = school
    for name, (_before, after) in taken.items():
        setattr(kept, name, after)
    # First the second record lets go of what only one row may hold.
    absorbed.merged_into = kept
    absorbed.id_digest, absorbed.user = None, None
    absorbed.save()
    kept.save()
    return taken


def _give_back(kept: Cadre, absorbed: Cadre, taken: dict[str, list[Any]]) -> None:
    changed = [name for name, (_, after) in taken.items() if getattr(kept, name) != after]
    if changed:
        raise CannotMerge(*[_changed_since(name) for name in changed])
    for name, (before, _after) in taken.items():
        setattr(kept, name, before)
    kept.save()
    for name in PROOFS:
        if name in taken:
            setattr(absorbed, name, taken[name][1])
    absorbed.merged_into = None
    absorbed.save()


def _changed_since(name: str) -> str:
    label = _("ID number") if name in PROOFS[:2] else _label_of(name)
    return _("“%(field)s” was changed after the merge; correct it by hand.") % {"field": label}


def _label_of(name: str) -> str:
    return str(cast("models.Field[Any, Any]", Cadre._meta.get_field(name)).verbose_name)


def _close_second_posts(kept: Cadre, absorbed: Cadre) -> dict[str, list[str]]:
    """The kept record's main posts stand; those of the second that overlap them become posts
    beside them, and its open main post ends today."""
    today = timezone.localdate()
    mains = list(kept.postings.filter(is_main=True))
    second = [
        post
        for post in absorbed.postings.filter(is_main=True)
        if any(_overlap(post, main) for main in mains)
    ]
    is_open = any(main.to_on is None for main in mains)
    ended = [post for post in second if post.to_on is None and is_open]
    pks = [post.pk for post in second]
    Posting.objects.filter(pk__in=pks).update(is_main=False)
    for post in ended:
        last = max(today, post.from_on or today)
        Posting.objects.filter(pk=post.pk).update(to_on=last)
    moved = {_POSTS_SECOND: pks, _POSTS_ENDED: [post.pk for post in ended]}
    return {name: [str(pk) for pk in ids] for name, ids in moved.items() if ids}


def _overlap(one: Posting, other: Posting) -> bool:
    first, last = dt.date.min, dt.date.max
    return (one.from_on or first) <= (other.to_on or last) and (other.from_on or first) <= (
        one.to_on or last
    )


def _reopen_second_posts(absorbed: Cadre, merged: Merge) -> None:
    posts = absorbed.postings.filter(is_main=False)
    ended, second = merged.moved.get(_POSTS_ENDED, []), merged.moved.get(_POSTS_SECOND, [])
    day = timezone.localdate(merged.created_at)
    as_merged = Q(to_on=day) | Q(to_on=F("from_on"))
    try:
        with transaction.atomic():
            back = posts.filter(as_merged, pk__in=ended).update(to_on=None)
            posts.filter(pk__in=second).update(is_main=True)
    except IntegrityError:
        back = -1
    if back != len(ended):
        raise CannotMerge(_("A post was changed after the merge; put its dates back first."))


def _pointing_at(cadre: Cadre) -> Iterator[tuple[models.Field[Any, Any], QuerySet[Any]]]:
    """Each column of each room that points at people, with its rows for this person.

    Not among them: merges themselves and `merged_into`, which remember which record was which.
    """
    for relation in Cadre._meta.related_objects:
        column = cast("models.Field[Any, Any]", relation.field)
        if column.model in (Cadre, Merge):
            continue
        yield column, column.model._base_manager.filter(**{column.name: cadre})


def _point(rows: QuerySet[Any], column: models.Field[Any, Any], cadre: Cadre) -> None:
    """The database's constraints decide: two open appointments, one pair twice, a pair with
    oneself cannot be."""
    try:
        with transaction.atomic():
            rows.update(**{column.name: cadre})
    except IntegrityError as error:
        raise CannotMerge(
            _(
                "Both records have entries under “%(what)s” that exclude each other. "
                "End or void one of them first."
            )
            % {"what": column.model._meta.verbose_name}
        ) from error


def _label(column: models.Field[Any, Any]) -> str:
    return f"{column.model._meta.db_table}.{column.name}"
