"""The list of a programme as a file and as a printed page. Headings are Chinese data."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, office
from accounts.export_pages import answer
from accounts.exporting import Register
from accounts.models import User
from cadres.exporting import unit_labels
from cadres.models import Cadre, Posting
from mentors.models import Mentor
from pairings.states import Role
from programmes import checking
from programmes.list_forms import ListFilterForm
from programmes.models import Origin, PlannedPair, Programme
from programmes.states import State
from programmes.views import visible
from tables import cells
from tables.skeleton import Column

DRAFT = "（草案）"


@office
def export(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """The rows in the order of the list; before publication the file calls itself a draft."""
    programme = visible(request, pk)
    register = Register(
        name=_("list of pairs of a programme"),
        title=title_of(programme),
        tally=PlannedPair.tally,
        list_url="programmes:list",
        columns=functools.partial(_columns, programme=programme),
        has_private=False,
        asks_purpose=True,
        unit=str(programme.unit),
        back=reverse("programmes:planned", args=[pk]),
    )
    everything = ListFilterForm({})
    everything.is_valid()
    return answer(request, register, _rows(programme), everything)


def title_of(programme: Programme) -> str:
    is_published = programme.state == State.PUBLISHED
    return f"{programme.title}导师帮带结对名单" + ("" if is_published else DRAFT)


def _rows(programme: Programme) -> QuerySet[PlannedPair]:
    return programme.planned.order_by("mentee__unit__path", "mentee__pinyin", "mentee_id", "id")


def _columns(user: User, *, is_masked: bool, today: dt.date, programme: Programme) -> list[Column]:
    """Nothing private stands in it: who is on the list, and no more."""
    labels = unit_labels(user)
    return [
        *_side("帮带对象", "mentee__", labels),
        *_side("导师", "mentor__cadre__", labels),
        Column("导师类型", "mentor__category__name", 20),
        Column("导师角色", cells.word("role", _labels(Role)), 12),
        Column("结对方式", cells.word("origin", _labels(Origin)), 14),
        Column("备注", "waiver", 24),
    ]


def _side(words: str, at: str, labels: dict[int, str]) -> list[Column]:
    post = Posting.objects.filter(cadre=OuterRef(f"{at}pk"), is_main=True, to_on=None)
    return [
        Column(f"{words}姓名", f"{at}name", 12),
        Column(f"{words}单位", cells.label(f"{at}unit__name", f"{at}unit_id", labels), 22),
        Column(f"{words}职务", Subquery(post.order_by().values("title")[:1]), 18),
    ]


def _labels(choices: type[Role] | type[Origin]) -> dict[str, str]:
    return {code: str(label) for code, label in choices.choices}


@office
@require_safe
def print_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """The list on A4 as offices print it; the browser prints it."""
    programme = visible(request, pk)
    rows = checking.in_order(programme)
    posts = _posts([row.mentee for row in rows], [row.mentor for row in rows])
    events = {event.verb: event for event in programme.events.select_related("actor")}
    published = events.get("publish") if programme.state == State.PUBLISHED else None
    approved = events.get("approve")
    context: dict[str, Any] = {
        "programme": programme,
        "title": title_of(programme),
        "is_draft": programme.state != State.PUBLISHED,
        "rows": [
            (row, posts.get(row.mentee_id, ""), posts.get(row.mentor.cadre_id, "")) for row in rows
        ],
        "document": approved.document if published and approved else "",
        "on": timezone.localdate(published.at) if published else timezone.localdate(),
        "mentors": len({row.mentor_id for row in rows}),
        "mentees": len({row.mentee_id for row in rows}),
        "has_roles": any(row.role != Role.LEAD for row in rows),
    }
    return render(request, "programmes/print.html", context)


def _posts(mentees: list[Cadre], mentors: list[Mentor]) -> dict[UUID, str]:
    """By person: the title of the open main post."""
    people = {cadre.pk for cadre in mentees} | {mentor.cadre_id for mentor in mentors}
    rows = Posting.objects.filter(cadre__in=people, is_main=True, to_on=None)
    return dict(rows.values_list("cadre_id", "title"))
