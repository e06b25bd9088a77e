"""What a person sees of the other side while choosing: a name, where and as what, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cadres.models import Posting
from core.text import person_name, squeeze
from programmes.models import Side
from programmes.wishing import Wisher
from tables.paging import Page, page_of

PAGE = 20


class Face(NamedTuple):
    """Neither phone nor birth month nor number: what choosing needs."""

    pk: UUID  # as a wish names it: of an appointment, or of a person
    name: str
    unit: str
    post: str
    category: str
    strengths: tuple[str, ...] = ()
    free: int | None = None  # places of a mentor


def search(rows: Any, text: str) -> Any:
    """By name, unit, whole pinyin or its initials; digits find nobody by a telephone."""
    words = squeeze(text).replace("\0", "")
    if not words:
        return rows
    condition = Q(cadre__name__contains=person_name(words)) | Q(cadre__unit__name__contains=words)
    if words.isascii():
        key = "".join(words.lower().split())
        condition |= Q(cadre__pinyin__startswith=key) | Q(cadre__initials__startswith=key)
    return rows.filter(condition)


def page_of_candidates(wisher: Wisher, day: dt.date, *, text: str, after: str) -> Page:
    """A page of those who may be named, in the order of names; its rows are faces."""
    rows = _load(wisher, search(wisher.candidates(day), text), day)
    page = page_of(rows, order=("cadre__pinyin", "pk"), after=after, size=PAGE)
    return page._replace(rows=[_face(wisher, row) for row in page.rows])


def faces(wisher: Wisher, partner_ids: Iterable[UUID], day: dt.date) -> list[Face]:
    """These people in this order; who is neither open to choice nor named before is left out."""
    wanted = list(partner_ids)
    key = "cadre" if wisher.side == Side.MENTOR else "pk"
    open_ = Q(pk__in=wisher.candidates(day).filter(**{f"{key}__in": wanted}).values("pk"))
    model = wisher.candidates(day).model
    said = Q(**{f"{key}__in": wisher.wishes.live().values(wisher.partner)})
    rows = model.objects.filter(Q(**{f"{key}__in": wanted}) & (open_ | said))
    found = {face.pk: face for row in _load(wisher, rows, day) for face in [_face(wisher, row)]}
    return [found[pk] for pk in wanted if pk in found]


def _load(wisher: Wisher, rows: Any, day: dt.date) -> QuerySet[Any]:
    posts = Posting.objects.on(day).filter(is_main=True, cadre=OuterRef("cadre"))
    rows = rows.annotate(post=Subquery(posts.values("title")[:1]))
    rows = rows.select_related("cadre__unit", "category")
    if wisher.side == Side.MENTOR:
        return rows
    return rows.with_places().prefetch_related("strengths")


def _face(wisher: Wisher, row: Any) -> Face:
    cadre = row.cadre
    where = (cadre.name, cadre.unit.name, row.post or "", str(row.category))
    if wisher.side == Side.MENTOR:
        return Face(cadre.pk, *where)
    return Face(row.pk, *where, tuple(str(word) for word in row.strengths.all()), row.free)
