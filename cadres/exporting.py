"""The columns of people as a file: those of the rosters, so that it can come back as one.

Headings that a roster does not know, the masked phone's among them, are passed over on the way
back. Headings are Chinese data.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.exporting import Register
from accounts.models import Role, User
from cadres import codes
from cadres.models import Cadre, Mentee, Posting
from cadres.past import of_post
from cadres.places import Places
from tables import cells
from tables.skeleton import Column


def columns(user: User, *, is_masked: bool, today: dt.date) -> list[Column]:
    entry = Mentee.objects.filter(cadre=OuterRef("pk"), to_on=None)
    private = [] if is_masked else [Column("身份证号后四位", "id_tail", 10)]
    return [
        *facts(today=today),
        *private,
        Column("政治面貌", _named("political_status", "political_status"), 13),
        Column("入党时间", cells.month("party_month"), 10),
        Column("全日制学历", _named("education", "education"), 12),
        Column("在职学历", _named("education", "later_education"), 12),
        Column("是否党校学历", _yes("is_party_school"), 8),
        Column("参加工作时间", cells.month("work_month"), 10),
        *place(user),
        Column("人员类别", _named("staffing", "staffing"), 12),
        phone(user, is_masked=is_masked),
        Column("帮带对象类别", Subquery(entry.values("category__name")[:1]), 24),
        Column("离任日期", cells.day("left_on"), 12),
    ]


REGISTER = Register(
    name=_("register of cadres"),
    title="干部花名册",
    tally=Cadre.tally,
    list_url="cadres:list",
    columns=columns,
)


def facts(at: str = "", *, today: dt.date) -> list[Column]:
    """Who a person is; `at` leads from the row to the person ("cadre__")."""
    return [
        Column("姓名", f"{at}name", 12),
        Column("性别", _named("gender", f"{at}gender"), 6),
        Column("出生年月", cells.month(f"{at}birth_month"), 10),
        Column("年龄", cells.years(f"{at}birth_month", today), 6, is_number=True),
        Column("民族", _named("ethnicity", f"{at}ethnicity"), 8),
    ]


def place(user: User, at: str = "", *, as_of: dt.date | None = None) -> list[Column]:
    """Where a person serves, or served on a past day.

    Today's unit is called as a roster of the user's calls it, that of a day as it was called then.
    """
    if as_of:
        then = {"单位": "unit_called", "上级单位": "above_called", "职务": "title"}
        widths = {"单位": 22}
        return [
            Column(title, of_post(as_of, f"{at}pk", column), widths.get(title, 18))
            for title, column in then.items()
        ]
    post = Posting.objects.filter(cadre=OuterRef(f"{at}pk"), is_main=True, to_on=None)
    name = cells.label(f"{at}unit__name", f"{at}unit_id", unit_labels(user))
    return [
        Column("单位", name, 22),
        Column("上级单位", f"{at}unit__parent__name", 18),
        Column("职务", Subquery(post.order_by().values("title")[:1]), 18),
    ]


def phone(user: User, at: str = "", *, is_masked: bool) -> Column:
    """Whole for people of units that the user coordinates; a row may tell of others as well."""
    masked = cells.masked_phone(f"{at}phone")
    if is_masked:
        return Column("手机号脱敏", masked, 16)
    is_own = When(user.rows_q(at, roles=(Role.COORDINATOR,)), then=f"{at}phone")
    return Column("手机号", Case(is_own, default=masked), 16)


def unit_labels(user: User) -> dict[int, str]:
    """What a roster calls the units in the user's charge whose name is not theirs alone."""
    places = Places(user)
    named = ((pk, unit.name, places.label(unit)) for pk, unit in places.units.items())
    return {pk: label for pk, name, label in named if label != name}


def _named(table: str, field: str) -> object:
    return cells.word(field, codes.tables().names.get(table, {}))


def _yes(field: str) -> Case:
    return Case(When(**{field: True}, then=Value("是")), default=Value(""))
