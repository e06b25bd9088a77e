"""The findings of a sample as a file. Headings are Chinese data."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DateField, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.exporting import Register
from accounts.models import User
from sampling.models import Sample
from sampling.reading import with_records
from sampling.states import RecordKind, Verdict
from tables import cells
from tables.skeleton import Column

NOT_YET = "尚未查看"


def register_of(sample: Sample, user: User) -> Register:
    """Records that the user may not read stay as numbered rows without content or note."""
    items = with_records(sample.items.all(), user)
    readable = [item.pk for item in items if item.record]  # type: ignore[attr-defined]
    return Register(
        name=_("findings of a sample"),
        title=title_of(sample),
        tally=_("%(n)d records"),
        list_url="sampling:list",
        columns=functools.partial(_columns, readable=readable),
        has_private=False,
        asks_purpose=True,
        unit=str(sample.unit),
        back=reverse("sampling:detail", args=[sample.pk]),
    )


def title_of(sample: Sample) -> str:
    return f"{sample.unit}帮带记录抽查情况表"


def rows_of(sample: Sample) -> QuerySet[Any]:
    return sample.items.with_verdict().order_by("position")


def _columns(
    user: User, *, is_masked: bool, today: dt.date, readable: Sequence[UUID]
) -> list[Column]:
    def seen(value: Any) -> Case:
        return Case(When(pk__in=readable, then=value), default=Value(""), output_field=CharField())

    kind = Case(
        *(When(**{f"{kind}__isnull": False}, then=Value(kind.value)) for kind in RecordKind),
        output_field=CharField(),
    )
    day = Coalesce(
        "session__happened_on", "visit__happened_on", "assignment__due_on", output_field=DateField()
    )
    title = Coalesce(
        "session__topic", "assignment__title", "visit__place__name", "visit__place_text"
    )
    verdict = cells.word("verdict", {code: str(label) for code, label in Verdict.choices})
    return [
        Column("序号", F("position"), 6, is_number=True),
        Column("记录类别", cells.word(kind, {kind: str(kind.label) for kind in RecordKind}), 20),
        Column("日期", seen(Cast(day, TextField())), 12),
        Column("导师", seen(_of("pairing__mentor_cadre__name")), 12),
        Column("帮带对象", seen(_of("pairing__mentee__name")), 12),
        Column("单位", seen(_of("unit__name")), 20),
        Column("记录内容", seen(title), 32),
        Column("查看情况", Coalesce(verdict, Value(NOT_YET), output_field=CharField()), 14),
        Column("说明", seen(Coalesce("note", Value(""))), 32),
        Column("查看人", Coalesce("found_by", Value("")), 12),
        Column("查看日期", cells.day("found_at"), 12),
    ]


def _of(name: str) -> Coalesce:
    return Coalesce(*(f"{kind.value}__{name}" for kind in RecordKind))
