"""The cadre roster 花名册: rows become people with posts, and mentors; all of them or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres import pinyin
from cadres.cells import Wrong, word
from cadres.models import Cadre, MenteeCategory, Posting
from cadres.moving import PLACE, Move, move_all
from cadres.places import Places
from core.text import squeeze
from mentors.models import Mentor, MentorCategory, MentorEvent
from mentors.reports import Entry, Fault, Importer, Line, Report
from mentors.roster_matching import Doubt, People
from mentors.roster_rows import COLUMNS, parse
from units.models import Unit

DEFAULT_CAPACITY = 2
_BATCH = 1_000
# Fields that the row says and the register keeps as they are.
_PLAIN = (
    "name", "gender", "birth_month", "ethnicity", "id_digest", "id_tail", "political_status",
    "education", "later_education", "work_month", "staffing", "phone",
)  # fmt: skip


class Words(NamedTuple):
    """The categories in use: ids by name, and the names as they are shown."""

    codes: dict[str, str]
    shown: list[str]

    @classmethod
    def of(cls, rows: Iterable[MentorCategory] | Iterable[MenteeCategory]) -> Words:
        names = {row.name: str(row.pk) for row in rows}
        codes = {squeeze(name).replace(" ", ""): pk for name, pk in names.items()}
        return cls(codes, list(names))


@dataclass
class Change:
    """What one row would do; nothing is written before every row has its Change."""

    entry: Entry
    cadre: Cadre
    unit: Unit
    is_new: bool
    fields: list[str] = field(default_factory=list)  # changed fields of a known person
    moves: bool = False
    title: str = ""
    appoints: Mentor | None = None
    # An open appointment with its new category and capacity.
    alters: tuple[Mentor, MentorCategory, int] | None = None

    @property
    def is_update(self) -> bool:
        return not self.is_new and bool(self.fields or self.moves or self.appoints or self.alters)


class Register:
    """The rows of the register that these entries touch, and the rules of taking them."""

    def __init__(self, entries: Sequence[Entry], user: User) -> None:
        self.user = user
        self.places = Places(user)
        self.faults: list[Fault] = []
        self.units: list[tuple[Entry, Unit]] = []
        for entry in entries:
            try:
                self.units.append((entry, self.places.find(entry["unit"])))
            except Wrong as wrong:
                self._fault(entry, "单位", wrong)
        self.mentor_words = Words.of(MentorCategory.objects.filter(is_active=True))
        self.mentee_words = Words.of(MenteeCategory.objects.filter(is_active=True))

    def lock(self) -> None:
        """One import at a time in a county: two could make the same person twice."""
        counties = {unit.county_id for _entry, unit in self.units if unit.county_id}
        rows = Unit.objects.filter(pk__in=counties).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))

    def changes(self) -> list[Change]:
        people = People([entry for entry, _unit in self.units], self.user)
        found = []
        for entry, unit in self.units:
            try:
                found.append((entry, unit, people.find(entry, unit)))
            except Doubt as doubt:
                self._fault(entry, doubt.column, doubt)
        known = [cadre.pk for _entry, _unit, cadre in found if cadre is not None]
        posts = Posting.objects.filter(cadre__in=known, is_main=True, to_on=None)
        self.titles = dict(posts.order_by().values_list("cadre", "title"))
        in_office = Q(to_on=None) | Q(to_on__gte=timezone.localdate())
        self.mentors = {
            mentor.cadre_id: mentor
            for mentor in Mentor.objects.filter(in_office, cadre__in=known).select_related(
                "category", "unit"
            )
        }
        return [self._change(entry, unit, cadre) for entry, unit, cadre in found]

    def _change(self, entry: Entry, unit: Unit, cadre: Cadre | None) -> Change:
        change = Change(entry, cadre or Cadre(created_by=self.user), unit, is_new=cadre is None)
        values = {name: entry[name] for name in _PLAIN if name in entry}
        if "mentee_category" in entry:
            values["mentee_category_id"] = self._category(
                entry, "mentee_category", "帮带对象类别", self.mentee_words
            )
        for name, value in values.items():
            if getattr(change.cadre, name) != value:
                setattr(change.cadre, name, value)
                change.fields.append(name)
        self._post(change)
        self._appointment(change)
        return change

    def _post(self, change: Change) -> None:
        written = change.entry.get("title")
        if change.is_new:
            change.cadre.put_in(change.unit)
            change.cadre.pinyin, change.cadre.initials = pinyin.keys(change.cadre.name)
            change.title = written or ""
            return
        old = self.titles.get(change.cadre.pk)
        is_elsewhere = change.cadre.unit_id != change.unit.pk
        is_retitled = written is not None and squeeze(written) != squeeze(old or "")
        change.moves = is_elsewhere or is_retitled
        change.title = written or ""

    def _appointment(self, change: Change) -> None:
        entry, mentor = change.entry, self.mentors.get(change.cadre.pk)
        written, capacity = entry.get("mentor_category"), entry.get("capacity")
        if written == "":
            if mentor is not None:
                self._fault(entry, "导师类型", Wrong(_("An appointment is ended in the register.")))
            return
        category = None
        if written is not None:
            pk = self._category(entry, "mentor_category", "导师类型", self.mentor_words)
            category = MentorCategory(pk=pk, name=written) if pk else None
        if mentor is None:
            if capacity is not None and written is None:
                wrong = Wrong(_("Places belong to a mentor: fill in the mentor category as well."))
                self._fault(entry, "帮带名额", wrong)
            elif category is not None:
                change.appoints = self._appoint(change, category, capacity)
        elif category is not None or capacity is not None:
            self._alter(change, mentor, category or mentor.category, capacity)

    def _appoint(self, change: Change, category: MentorCategory, capacity: int | None) -> Mentor:
        mentor = Mentor(
            cadre=change.cadre,
            category=category,
            capacity=DEFAULT_CAPACITY if capacity is None else capacity,
            created_by=self.user,
        )
        mentor.put_in(change.unit)
        return mentor

    def _alter(
        self, change: Change, mentor: Mentor, category: MentorCategory, capacity: int | None
    ) -> None:
        places = mentor.capacity if capacity is None else capacity
        if (category.pk, places) == (mentor.category_id, mentor.capacity):
            return
        if not self.user.governs(mentor.unit):
            wrong = Wrong(_("This person was appointed as mentor by an office elsewhere."))
            self._fault(change.entry, "导师类型", wrong)
            return
        change.alters = (mentor, category, places)

    def _category(self, entry: Entry, field: str, column: str, words: Words) -> int | None:
        """The id of a category; None for 「无」, and for an unknown one, which is a fault."""
        if entry[field] == "":
            return None
        try:
            return int(word(entry[field], words.codes, shown=words.shown))
        except Wrong as wrong:
            self._fault(entry, column, wrong)
            return None

    def check_categories(self, entry: Entry) -> None:
        if "mentor_category" in entry:
            self._category(entry, "mentor_category", "导师类型", self.mentor_words)
        if "mentee_category" in entry:
            self._category(entry, "mentee_category", "帮带对象类别", self.mentee_words)

    def _fault(self, entry: Entry, column: str, wrong: Wrong) -> None:
        self.faults.append(Fault(row=entry["row"], column=column, message=str(wrong)))


def apply(entries: Sequence[Entry], by: User, is_dry: bool) -> Report:
    """Save all rows, or say what is wrong and save none; see mentors.reports.Report."""
    try:
        with transaction.atomic():
            register = Register(entries, by)
            if not is_dry:
                register.lock()
            changes = register.changes()
            if register.faults:
                return Report.of_faults(len(entries), register.faults, COLUMNS)
            if not is_dry:
                _save(changes, by)
    except IntegrityError:
        # Somebody registered one of these people in the same moment, by hand.
        message = _("The register changed while the file was read. Try again.")
        return Report.of_faults(len(entries), [Fault(row=None, column="", message=message)])
    created = sum(change.is_new for change in changes)
    updated = sum(change.is_update for change in changes)
    return Report(
        rows=len(entries),
        created=created,
        updated=updated,
        unchanged=len(changes) - created - updated,
        lines=[_line(change) for change in changes if change.is_new or change.is_update],
    )


def _save(changes: list[Change], by: User) -> None:
    new = [change for change in changes if change.is_new]
    Cadre.objects.bulk_create([change.cadre for change in new], batch_size=_BATCH)
    Posting.objects.bulk_create([_first_post(change) for change in new], batch_size=_BATCH)
    moved = [change for change in changes if change.moves]
    move_all([Move(c.cadre, c.unit, c.title) for c in moved], on=timezone.localdate())
    _update([c for c in changes if c.moves or (c.fields and not c.is_new)])
    mentors = [change.appoints for change in changes if change.appoints]
    Mentor.objects.bulk_create(mentors, batch_size=_BATCH)
    today = timezone.localdate()
    MentorEvent.objects.bulk_create(
        [
            MentorEvent(mentor=mentor, actor=by, verb="import", on=mentor.from_on or today)
            for mentor in mentors
        ],
        batch_size=_BATCH,
    )
    for change in changes:
        if change.alters:
            mentor, category, capacity = change.alters
            mentor.change(category=category, capacity=capacity, by=by)


def _update(changes: list[Change]) -> None:
    """Write the changed columns of each person and no other, a thousand people a statement.

    As an upsert: `bulk_update` writes a CASE for each person and takes five times as long.
    """
    alike: dict[tuple[str, ...], list[Cadre]] = defaultdict(list)
    for change in changes:
        names = {*change.fields, *(PLACE if change.moves else ()), "updated_at"}
        alike[tuple(sorted(names))].append(change.cadre)
    for columns, cadres in alike.items():
        Cadre.objects.bulk_create(
            cadres,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=columns,
        )


def _first_post(change: Change) -> Posting:
    posting = Posting(cadre=change.cadre, title=change.title)
    posting.put_in(change.unit)
    return posting


def _line(change: Change) -> Line:
    """What the uploader reads before confirming: which fields change, not their values."""
    names = [name for name in change.fields if name != "id_digest" and not change.is_new]
    fields = [Cadre._meta.get_field(name) for name in names]
    words = [str(field.verbose_name) for field in fields if isinstance(field, models.Field)]
    if change.moves:
        place = {"unit": change.unit.name, "title": change.title}
        words.append(_("new post from today: %(unit)s %(title)s") % place)
    if change.appoints:
        words.append(_("appointed as mentor"))
    if change.alters:
        words.append(_("appointment changed"))
    return Line(
        row=change.entry["row"],
        name=change.cadre.name,
        note=change.unit.name,
        what="created" if change.is_new else "updated",
        details="、".join(words),
    )


def look_up(entries: Sequence[Entry], by: User) -> list[Fault]:
    """Units and categories of rows that have other faults: all is told at once."""
    register = Register([entry for entry in entries if "unit" in entry], by)
    for entry in entries:
        register.check_categories(entry)
    return register.faults


ROSTER = Importer("cadres", COLUMNS, parse, apply, look_up)
