"""The records of a handbook: what was done, confirmed and said, and the pictures by choice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from activities.commenting import confirmed
from activities.confirming import confirmation_of
from activities.models import (
    Assignment,
    Attachment,
    Comment,
    OpenMatter,
    Record,
    Session,
    Visit,
)
from handbooks.wording import day_in_words
from pairings.models import Pairing

MOST_PHOTOS = 4  # of one record: a handbook is read, an album is kept elsewhere


class Entry(NamedTuple):
    day: dt.date
    title: str
    lines: list[str]
    photos: list[str]  # ids of attachments


def entries(pairs: list[Pairing], user: User, *, with_photos: bool) -> list[Entry]:
    """What the user may read of these pairs, by day; of one day as it was entered, by kind."""
    said = _comments(pairs, user)
    found = [
        *_sessions(pairs, user, said, with_photos),
        *_visits(pairs, user, said, with_photos),
        *_assignments(pairs, user, said, with_photos),
    ]
    return sorted(found, key=lambda entry: entry.day)


Said = dict[UUID, list[tuple[str, str]]]


def _comments(pairs: list[Pairing], user: User) -> Said:
    """By the record's id. Those of records that the user does not read are never looked up."""
    found: Said = defaultdict(list)
    rows = Comment.objects.standing().readable_by(user).filter(pairing__in=pairs)
    rows = rows.select_related("created_by")
    for row in rows.order_by("pk"):
        record = row.visit_id or row.session_id or row.assignment_id
        who = "组织部门" if row.is_from_office else str(row.created_by)
        if record is not None:
            found[record].append((f"点评（{who}）", row.text))
    return found


def _sessions(pairs: list[Pairing], user: User, said: Said, with_photos: bool) -> list[Entry]:
    rows = Session.objects.readable_by(user).filter(pairing__in=pairs)
    rows = confirmed(rows, user).order_by("pk")
    return [
        Entry(
            row.happened_on,
            f"帮带（{row.get_method_display()}）：{row.topic}{_marks(row)}",
            _lines(
                *((str(label), text) for label, text in row.parts),
                ("内容", row.content),
                *_confirmed(row),
                *said.get(row.pk, ()),
            ),
            _photos(row.files.all() if with_photos else ()),
        )
        for row in _with_files(rows, with_photos, "files")
    ]


def _visits(pairs: list[Pairing], user: User, said: Said, with_photos: bool) -> list[Entry]:
    rows = Visit.objects.readable_by(user).filter(pairing__in=pairs)
    rows = confirmed(rows.select_related("place"), user).order_by("pk")
    raised = Prefetch("matters_raised", queryset=OpenMatter.objects.told(user))
    return [
        Entry(
            row.happened_on,
            f"走访：{row.where}，{row.get_visited_display()}，{row.people_count}"
            + ("，与导师同行" if row.is_with_mentor else "")
            + _marks(row),
            _lines(
                ("反映事项", row.asked),
                ("办理情况", row.done),
                *(("未了事项", _matter(matter)) for matter in row.matters_raised.all()),
                *_confirmed(row),
                *said.get(row.pk, ()),
            ),
            _photos(row.files.all() if with_photos else ()),
        )
        for row in _with_files(rows, with_photos, "files").prefetch_related(raised)
    ]


def _assignments(pairs: list[Pairing], user: User, said: Said, with_photos: bool) -> list[Entry]:
    """By due date, with every verdict in its order."""
    rows = Assignment.objects.readable_by(user).filter(pairing__in=pairs)
    rows = rows.with_first_hand_in().prefetch_related("submissions", "reviews").order_by("pk")
    found = []
    for row in _with_files(rows, with_photos, "submissions__files"):
        handed_in = row.submissions.all()
        lines = _lines(
            ("要求", row.body),
            *(("提交", one.text) for one in handed_in),
            ("迟交", f"{row.days_late} 天（以首次提交计）" if row.days_late else ""),
            *(
                (f"批阅·{one.get_verdict_display()}", one.comment or "无评语")
                for one in row.reviews.all()
            ),
            *said.get(row.pk, ()),
        )
        files = [file for one in handed_in for file in one.files.all()] if with_photos else []
        title = f"作业：{row.title}（{row.get_state_display()}）{_marks(row)}"
        found.append(Entry(row.due_on, title, lines, _photos(files)))
    return found


def _with_files(rows: QuerySet[Any], with_photos: bool, way: str) -> QuerySet[Any]:
    return rows.prefetch_related(way) if with_photos else rows


def _photos(files: Iterable[Attachment]) -> list[str]:
    return [str(file.pk) for file in files if file.is_image][:MOST_PHOTOS]


def _marks(row: Record) -> str:
    marks = ["补记"] if isinstance(row, Session | Visit) and row.is_late else []
    marks += ["代录"] if row.is_on_behalf else []
    return f"（{'、'.join(marks)}）" if marks else ""


def _confirmed(row: Session | Visit) -> list[tuple[str, str]]:
    word = confirmation_of(row)
    if word is None:
        return []
    behalf = "（代为确认）" if word.is_on_behalf else ""
    day = day_in_words(timezone.localdate(word.confirmed_at))
    return [("确认属实", f"{word.confirmed_by}，{day}{behalf}")]


def _matter(matter: Any) -> str:
    if matter.closed_on is None:
        return str(matter.text) + "（未了）"
    if not matter.is_told:
        return str(matter.text)
    note = f"，{matter.closed_note}" if matter.closed_note else ""
    return f"{matter.text}（{day_in_words(matter.closed_on)}办结{note}）"


def _lines(*parts: tuple[str, str]) -> list[str]:
    """A label before the first line of each text; texts that say nothing are left out."""
    return [
        f"{label}：{line}" if place == 0 else line
        for label, text in parts
        if text.strip()
        for place, line in enumerate(text.strip().split("\n"))
    ]
