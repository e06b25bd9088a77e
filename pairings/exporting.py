"""The columns of pairs and of mentees as files. Headings are Chinese data."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.exporting import Register
from accounts.models import User
from cadres.exporting import facts, phone, place, unit_labels
from cadres.models import Cadre, Exemption
from cadres.past import of_post
from pairings.coverage import is_paired
from pairings.models import Method, Pairing
from pairings.past import names
from pairings.states import Cause, Role, State
from tables import cells
from tables.skeleton import Column

PERSON = "cadre__"
# Whole months from the first day to the last, which the reader of a roster takes; a term that
# does not end on a month's day has none, and its last day stands beside.
_MONTHS = (
    "(SELECT CASE WHEN extract(day FROM a) = 0 THEN"
    " (extract(year FROM a) * 12 + extract(month FROM a))::int::text END"
    " FROM age(%(expressions)s) AS a)"
)


def pair_columns(
    user: User, *, is_masked: bool, today: dt.date, as_of: dt.date | None = None
) -> list[Column]:
    """Nothing private stands in it, so the masked and the whole are one."""
    labels, at = unit_labels(user), names(as_of)
    ended = {at.state: State.TERMINATED}
    return [
        *_side("导师", "mentor_cadre__", labels, as_of),
        *_side("帮带对象", "mentee__", labels, as_of),
        Column("开始日期", cells.day("from_on"), 12),
        Column("期限（月）", _term(at.to_on), 8),
        Column("到期日期", cells.day(at.to_on), 12),
        Column("导师角色", cells.word("role", _labels(Role)), 12),
        Column("结对方式", cells.word("method", _labels(Method)), 20),
        Column("状态", cells.word(F(at.state), _labels(State)), 14),
        Column("结束日期", cells.day(at.ended_on), 12),
        Column("终止原因", Case(When(then=cells.word("end_cause", _labels(Cause)), **ended)), 18),
        Column("备注", "remark", 24),
    ]


PAIRS = Register(
    name=_("register of pairs"),
    title="结对名册",
    tally=Pairing.tally,
    list_url="pairings:list",
    columns=pair_columns,
    has_private=False,
)


def mentee_columns(
    user: User, *, is_masked: bool, today: dt.date, as_of: dt.date | None = None
) -> list[Column]:
    is_exempt = Exists(Exemption.objects.on(today).filter(mentee=OuterRef("pk")))
    return [
        *facts(PERSON, today=today),
        *place(user, PERSON, as_of=as_of),
        phone(user, PERSON, is_masked=is_masked),
        Column("帮带对象类别", "category__name", 24),
        Column("何时列入", cells.day("from_on"), 12),
        Column("应否结对", Case(When(is_exempt, then=Value("否")), default=Value("是")), 8),
        Column(
            "是否已结对", Case(When(is_paired(as_of), then=Value("是")), default=Value("否")), 8
        ),
        Column("退出日期", cells.day("to_on_on" if as_of else "to_on"), 12),
    ]


MENTEES = Register(
    name=_("register of mentees"),
    title="帮带对象名册",
    tally=Cadre.tally,
    list_url="mentees:list",
    columns=mentee_columns,
    person="cadre__",
)


def _side(
    words: str, at: str, labels: dict[int, str], as_of: dt.date | None = None
) -> list[Column]:
    unit: object = cells.label(f"{at}unit__name", f"{at}unit_id", labels)
    if as_of:
        unit = of_post(as_of, f"{at}pk", "unit_called")
    return [
        Column(f"{words}姓名", f"{at}name", 12),
        Column(f"{words}出生年月", cells.month(f"{at}birth_month"), 11),
        Column(f"{words}单位", unit, 22),
    ]


def _term(to_on: str) -> Case:
    after = Func(F(to_on), template="(%(expressions)s + 1)", output_field=CharField())
    months = Func(after, F("from_on"), template=_MONTHS, output_field=CharField())
    return Case(When(**{f"{to_on}__isnull": True}, then=Value("长期")), default=months)


def _labels(choices: type[Method] | type[Role] | type[State] | type[Cause]) -> dict[str, str]:
    return {code: str(label) for code, label in choices.choices}
