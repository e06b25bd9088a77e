"""Each row of a roster of people by itself: what its cells mean, and how they fit together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres import cells, codes, identity, membership
from cadres.models import MenteeCategory
from cadres.places import Places
from core.months import dotted, full_years, month_of
from core.text import squeeze
from mentors.models import MentorCategory, Strength
from rosters.cells import Wrong
from rosters.kinds import Cell, Column, Fault, Reading, Values
from rosters.models import office_of

Take = Callable[[Cell], object]

MOST_PLACES = 99
TABLES = {
    "gender": "gender",
    "ethnicity": "ethnicity",
    "political_status": "political_status",
    "education": "education",
    "later_education": "education",
    "staffing": "staffing",
}
# Where 「无」 says something: the person has none, and an old value is taken back.
_MAY_HAVE_NONE = {
    "party_month", "education", "later_education", "work_month", "title", "staffing", "phone",
    "mentor_category", "strengths", "mentee_category",
}  # fmt: skip
_LEAST_AGE, _MOST_AGE = 16, 100
_REMEMBERED = 20_000  # cells of a column
_PARTY_SCHOOL = re.compile(r"^(中央|中共中央|省委|市委|县委|省|市)?党校(函授|在职|研究生院)?")
_YES, _NO = (
    ("是", "应", "有", "√", "应结对"),
    ("否", "不", "×", "免", "不结对", "不应结对", "免于结对"),
)
EXEMPT = "花名册注明不结对"  # where the file gives no reason of its own


class Reader:
    """Reads the rows of one roster for one user; codes, units and lists are read once."""

    def __init__(self, columns: Sequence[Column], by: User) -> None:
        self._columns = {column.field: column for column in columns}
        self._required = [column.field for column in columns if column.is_required]
        self._today = timezone.localdate()
        self._places = Places(by)
        self._office = office_of(by)
        takes = self._takes()
        self._take = {field: _remembering(field, takes[field]) for field in self._columns}

    def __call__(self, row: Mapping[str, Cell]) -> Reading:
        values: Values = {}
        faults: list[Fault] = []
        for field, cell in row.items():
            if field in self._take:
                value = self._take[field](cell)
                if isinstance(value, Wrong):
                    faults.append(Fault(column=field, message=str(value)))
                else:
                    values[field] = value
        self._join(values)
        if "id_number" in values:
            faults += _verified(values)
        faulty = {fault["column"] for fault in faults}
        if faulty:
            covered = {f for field in faulty for f in self._columns[field].covers}
            faulty |= covered
        for field in self._required:
            if field not in values and field not in faulty:
                faults.append(Fault(column=field, message=_("This column must be filled in.")))
        if not faults:
            faults = self._crossed(values)
        return Reading(values, faults)

    # -- cells ---------------------------------------------------------------------------------

    def _takes(self) -> dict[str, Take]:
        office = self._office
        takes: dict[str, Take] = {
            field: _word(codes.words(table, office), [name for _code, name in codes.choices(table)])
            for field, table in TABLES.items()
        }
        takes["later_education"] = _later_education(takes["later_education"])
        takes["education"] = _education(takes["education"])
        mentors = _listed(MentorCategory.objects.filter(is_active=True))
        mentees = _listed(MenteeCategory.objects.filter(is_active=True))
        strengths = _listed(Strength.objects.filter(is_active=True))
        return takes | {
            "name": cells.name,
            "birth_month": cells.month,
            "party_month": cells.month,
            "work_month": cells.month,
            "id_number": cells.id_number,
            "is_party_school": _said,
            "unit": lambda cell: self._places.find(cells.short(cell, most=200)).pk,
            "title": lambda cell: cells.short(cell, most=200),
            "unit_and_title": self._unit_and_title,
            "phone": cells.phone,
            "mentor_category": mentors,
            "mentee_category": mentees,
            "strengths": lambda cell: _several(cell, strengths),
            "capacity": lambda cell: cells.count(cell, least=0, most=MOST_PLACES),
            "should_pair": _should_pair,
            "from_on": lambda cell: cells.day(cell).isoformat(),
            "term_to_on": lambda cell: cells.day(cell).isoformat(),
        }

    def _unit_and_title(self, cell: Cell) -> tuple[int, str]:
        unit, title = self._places.part(cells.short(cell, most=300))
        return unit.pk, title[:200]

    # -- rows ----------------------------------------------------------------------------------

    def _join(self, values: Values) -> None:
        """Cells that say two things, said apart; a column of its own goes before."""
        if "unit_and_title" in values:
            unit, title = values.pop("unit_and_title")
            values.setdefault("unit", unit)
            if title and "title" in self._columns:
                values.setdefault("title", title)
        if isinstance(values.get("later_education"), tuple):
            values["later_education"], is_party_school = values["later_education"]
            if is_party_school:
                values.setdefault("is_party_school", True)

    def _crossed(self, values: Values) -> list[Fault]:
        """Cells of one row against one another and against the day."""
        found = []
        birth, began = values.get("birth_month"), values.get("work_month")
        if birth and not _LEAST_AGE <= full_years(birth, self._today) <= _MOST_AGE:
            message = _("The age would be under %(least)s or over %(most)s years.")
            found.append(("birth_month", message % {"least": _LEAST_AGE, "most": _MOST_AGE}))
        if began and birth and not birth < began <= month_of(self._today):
            found.append(("work_month", _("Work begins after the birth and not in the future.")))
        joined, status = values.get("party_month", ""), values.get("political_status", "")
        against = membership.faults(
            joined=joined, birth=birth or "", status=status, today=self._today
        )
        found += [("party_month", sentence) for sentence in against]
        first, last = values.get("from_on"), values.get("term_to_on")
        if last and last < (first or self._today.isoformat()):
            found.append(("term_to_on", _("The term ends before it begins.")))
        return [Fault(column=column, message=message) for column, message in found]


def _remembering(field: str, take: Take) -> Take:
    """The value, or the Wrong that it raised; equal cells are taken once."""
    kept: dict[Cell, object] = {}

    def again(cell: Cell) -> object:
        if cell in kept:
            return kept[cell]
        try:
            is_none = field in _MAY_HAVE_NONE and cells.is_none(cell)
            value = "" if is_none else take(cell)
        except Wrong as wrong:
            value = wrong.with_traceback(None)
        if len(kept) < _REMEMBERED:
            kept[cell] = value
        return value

    return again


def _word(words: Mapping[str, str], shown: list[str]) -> Take:
    return lambda cell: cells.word(cell, words, shown=shown)


def _listed(rows: Iterable[MentorCategory] | Iterable[MenteeCategory] | Iterable[Strength]) -> Take:
    """The id of a row of an open list, by its name."""
    names = {row.name: str(row.pk) for row in rows}
    words = {squeeze(name).replace(" ", ""): pk for name, pk in names.items()}
    return lambda cell: int(cells.word(cell, words, shown=list(names)))


def _several(cell: Cell, take: Take) -> list[object]:
    parts = [part for part in re.split(r"[\s、，,;；/]+", cells.text(cell)) if part]
    return sorted({take(part) for part in parts}, key=str)


def _education(take: Take) -> Take:
    """学历学位 in one cell: 「大学本科、管理学学士」; the degree is not kept."""

    def of(cell: Cell) -> object:
        try:
            return take(cell)
        except Wrong:
            parts = [p for p in re.split(r"[\s、，,;；/()（）]+", cells.text(cell)) if p]
            levels = [part for part in parts if not part.endswith(("士", "学位"))]
            if len(levels) == 1 and len(parts) > 1:
                return take(levels[0])
            raise

    return of


def _later_education(take: Take) -> Take:
    """With whether it was a party school: 「省委党校研究生」."""
    plain = _education(take)

    def of(cell: Cell) -> object:
        written = squeeze(cells.text(cell)).replace(" ", "")
        bare = _PARTY_SCHOOL.sub("", written)
        return plain(bare if bare else cell), bare != written

    return of


def _said(cell: Cell) -> bool:
    """是 or 否."""
    written = squeeze(cells.text(cell))
    if written in _YES:
        return True
    if written in _NO or written == cells.NONE:
        return False
    raise Wrong(_("Write 是 or 否 here."))


def _should_pair(cell: Cell) -> str:
    """Nothing for 是; for 否 the reason, which may stand behind it: 否（产假）."""
    written = cells.short(cell, most=200)
    found = re.fullmatch(r"([^\s(（:：,，]+)[\s(（:：,，]*(.*?)[)）]?", written)
    if found is None:
        raise Wrong(_("Write 是 or 否 here."))
    return "" if _said(found[1]) else found[2] or EXEMPT


def _verified(values: Values) -> list[Fault]:
    """The ID number against birth month and gender, or in their place; then its digest and tail
    stand for it."""
    number = values.pop("id_number")
    values["id_digest"], values["id_tail"] = identity.digest(number), number[-4:]
    faults = []
    birth, gender = identity.birth_month(number), identity.gender(number)
    if values.setdefault("birth_month", birth) != birth:
        message = _("%(written)s does not fit the ID number, which says %(said)s.")
        said = {"written": dotted(values["birth_month"]), "said": dotted(birth)}
        faults.append(Fault(column="birth_month", message=message % said))
    if values.setdefault("gender", gender) != gender:
        message = _("The gender does not fit the ID number.")
        faults.append(Fault(column="gender", message=message))
    return faults


def shown_words() -> dict[str, list[str]]:
    """The words of the code tables by field, for the template's pick-lists."""
    return {
        field: [name for _code, name in codes.choices(table)] for field, table in TABLES.items()
    }


def day_of(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
