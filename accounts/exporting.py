"""Registers as files: what may leave, on record before its first byte and closed after its last.

A register belongs to an app above; it hands its rows, already visible to the user and narrowed
by the filter of its list, in their order.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.db import Error
from django.db.models import QuerySet
from django.http import QueryDict, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header

from accounts.models import BUSINESS_ROLES, Export, Format, Role, User
from tables.chips import chips
from tables.sheets import write_csv, write_xlsx
from tables.skeleton import Column, Heading

_BROKEN_OFF = '"导出中断，以上数据不全，请重新导出。"\n'.encode()
_FOOTER = ("填表人：", "审核人：", "联系电话：")
_MIMES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}
# What a person typed to find somebody by: a record that an auditor reads does not repeat it.
_SEARCH = "q"


class Register(NamedTuple):
    """`columns(user, is_masked=…, today=…)`, and `as_of=…` where a list has past days; `tally`
    says "%(n)d people"."""

    name: str | Promise
    title: str  # above the table
    tally: str | Promise
    list_url: str
    columns: Callable[..., list[Column]]
    has_private: bool = True  # whether the whole differs from the masked
    person: str = ""  # leads from a row to the person whose data are private
    asks_purpose: bool = False  # also for what holds nothing private
    unit: str = ""  # whose table it is; else that of whoever exports it
    back: str = ""  # the address of the list, where `list_url` needs more than its name

    def of(self, day: dt.date | None) -> Register:
        """The same with the columns of a past day; of none, today's."""
        return self._replace(columns=partial(self.columns, as_of=day)) if day else self

    def says(self, rows: int) -> str:
        return str(self.tally) % {"n": rows}


class Order(NamedTuple):
    """What one download is to hold."""

    register: Register
    rows: QuerySet[Any]
    size: int  # rows, as counted now
    filters: str
    user: User
    format: str
    is_masked: bool
    purpose: str
    today: dt.date

    @property
    def columns(self) -> list[Column]:
        return self.register.columns(self.user, is_masked=self.is_masked, today=self.today)

    @property
    def headings(self) -> str:
        return "、".join(column.title for column in self.columns)

    @property
    def scope(self) -> str:
        """The units whose rows these may be; for unmasked ones, those that the user coordinates."""
        roles = BUSINESS_ROLES if self.is_masked else (Role.COORDINATOR,)
        names = (grant.unit.name for grant in self.user.live_grants if grant.role in roles)
        return "、".join(dict.fromkeys(names))


def coordinated(rows: QuerySet[Any], user: User, register: Register) -> QuerySet[Any]:
    """Of these rows, those of units that the user coordinates: a leader reads masked ones."""
    return rows.filter(user.rows_q(register.person, roles=(Role.COORDINATOR,)))


def said(filters: forms.Form) -> str:
    """The filters in words, as far as they could be read; a name that was searched is not told."""
    search = str(filters.fields[_SEARCH].label)
    parts = []
    for chip in chips(filters, QueryDict()):
        value = "＊" if chip.label == search else chip.value
        parts.append(f"{chip.label}：{value}" if value else chip.label)
    return "；".join(parts)


def download(order: Order) -> StreamingHttpResponse:
    """Puts it on record, then streams it."""
    columns = order.columns
    export = Export.objects.create(
        by=order.user,
        register=str(order.register.name),
        scope=order.scope[:300],
        filters=order.filters[:1000],
        columns=order.headings[:1000],
        format=order.format,
        is_masked=order.is_masked,
        purpose=order.purpose,
    )
    response = StreamingHttpResponse(
        _recorded(export, order, columns), content_type=_MIMES[Format(order.format)]
    )
    header = content_disposition_header(as_attachment=True, filename=_filename(order))
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _recorded(export: Export, order: Order, columns: list[Column]) -> Iterator[bytes]:
    """The bytes of the file; the record is closed when the last has left, or none can any more."""
    left: list[int] = []
    try:
        if order.format == Format.CSV:
            yield from write_csv(order.rows, columns, left.append)
        else:
            yield from write_xlsx(
                order.rows, columns, left.append, heading=_heading(order), expected=order.size
            )
    except BaseException as error:
        with contextlib.suppress(Error):  # a server that is gone keeps the record open
            export.fail(sum(left))
        if isinstance(error, Exception) and order.format == Format.CSV:
            # Granian ends a broken response as if it were whole, so the file itself says that it
            # is not; a workbook without its end opens nowhere.
            yield _BROKEN_OFF
        raise
    export.finish(sum(left))


def _heading(order: Order) -> Heading:
    day = f"{order.today.year}年{order.today.month}月{order.today.day}日"
    parts = [f"单位：{order.register.unit or order.scope}", f"截至日期：{day}"]
    if order.filters:
        parts.append(f"筛选：{order.filters}")
    if order.purpose:
        parts.append(f"导出人：{order.user}，用途：{order.purpose}")
    return Heading(
        sheet="名册",
        title=order.register.title,
        line="    ".join(parts),
        page="第 &P 页 共 &N 页",
        footer=_FOOTER,
    )


def _filename(order: Order) -> str:
    masked = "_脱敏" if order.is_masked and order.register.has_private else ""
    return f"{order.register.title}_{order.today:%Y%m%d}{masked}.{order.format}"
