"""What each row of a roster of people would do to the register as it is now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cadres import membership
from cadres.finding import Finder, Found, Person, Sought, candidates
from cadres.places import Places
from core.text import squeeze
from mentors.importing import plans
from mentors.importing.plans import Lists, Plan, compare
from mentors.importing.reader import day_of
from rosters.kinds import Fault, Judge, Staged, Values
from rosters.states import Outcome
from units.models import Unit

DEFAULT_CAPACITY = 2


class PeopleJudge(Judge):
    """What rosters of cadres and of mentors have in common: who is meant."""

    takes_new = True

    def __init__(self, by: User) -> None:
        self._by = by
        self._units: dict[int, Unit] = Places(by).units
        self._finder = Finder(by, takes_new=self.takes_new)
        self._lists = Lists()
        self._today = timezone.localdate()

    def judge(self, rows: Sequence[Staged]) -> list[Plan]:  # type: ignore[override]
        judged: dict[int, Plan] = {}
        sound = []
        for at, row in enumerate(rows):
            faults = row.faults or self._of_the_unit(row.values)
            if faults:
                judged[at] = Plan(Outcome.WRONG, faults)
            else:
                sound.append(at)
        sought = [self._sought(rows[at]) for at in sound]
        found = self._finder.find(sought)
        people = [one.person["pk"] for one in found if one.person]
        mentors = plans.open_mentors(people)
        mentees = self._mentees(people)
        for at, one, asked in zip(sound, found, sought, strict=True):
            key = one.person["pk"] if one.person else None
            plan = Plan(Outcome.NEW, person=one.person, match=key)
            if key is not None:
                plan.mentor, plan.mentee = mentors.get(key), mentees.get(key)
            self._settle(plan, rows[at], one, asked)
            judged[at] = plan
        return [judged[at] for at in range(len(rows))]

    def _mentees(self, people: list[Any]) -> dict[Any, dict[str, Any]]:
        return {}

    def _of_the_unit(self, values: Values) -> list[Fault]:
        """The unit was in the user's charge when the row was read; it may not be now."""
        if "unit" not in values or values["unit"] in self._units:
            return []
        return [Fault(column="unit", message=_("The unit is no longer in your charge."))]

    def _sought(self, row: Staged) -> Sought:
        values = row.values
        unit = self._units.get(values.get("unit", 0))
        return Sought(
            row.sheet, row.number, values["name"], values.get("birth_month", ""),
            unit.pk if unit else None, unit.name if unit else "", values.get("title"),
            values.get("id_digest", ""), values.get("id_tail", ""), row.answer,
        )  # fmt: skip

    def _settle(self, plan: Plan, row: Staged, found: Found, sought: Sought) -> None:
        plan.candidates = candidates(sought, found.candidates)
        if row.answer == "skip":
            plan.outcome = Outcome.SKIPPED
        elif found.fault:
            self._against(plan, *found.fault)
        elif found.doubt:
            self._against(plan, *found.doubt)
            plan.outcome = Outcome.DOUBT
        else:
            self._plan(plan, row.values)
            if plan.faults:
                plan.outcome, plan.changes = Outcome.WRONG, []
            elif plan.person is not None:
                plan.outcome = Outcome.CHANGED if plan.changes else Outcome.SAME

    def _against(self, plan: Plan, column: str, message: str) -> None:
        plan.faults.append(Fault(column=column, message=message))
        plan.outcome = Outcome.WRONG

    def _plan(self, plan: Plan, values: Values) -> None:
        raise NotImplementedError

    # -- the appointment -----------------------------------------------------------------------

    def _appointment(self, plan: Plan, values: Values, *, unit_path: str) -> None:
        category, strengths = values.get("mentor_category"), values.get("strengths")
        strengths = [] if strengths == "" else strengths
        capacity = values.get("capacity")
        if category == "":
            if plan.mentor is not None:
                message = _("An appointment is ended in the register.")
                self._against(plan, "mentor_category", message)
            return
        if plan.mentor is not None:
            self._alter(plan, values, strengths)
        elif category is not None:
            if plan.person is not None and plan.person["user_id"] == self._by.pk:
                message = _("Nobody appoints themselves: the office above does.")
                self._against(plan, "mentor_category", message)
            self._appoint(plan, values, strengths or [])
        elif capacity is not None:
            message = _("Places belong to a mentor: fill in the mentor category as well.")
            self._against(plan, "capacity", message)
        elif strengths:
            message = _("Strengths belong to a mentor: fill in the mentor category as well.")
            self._against(plan, "strengths", message)

    def _appoint(self, plan: Plan, values: Values, strengths: list[int]) -> None:
        category, capacity = values["mentor_category"], values.get("capacity", DEFAULT_CAPACITY)
        if not self._is_known(plan, "mentor_category", category, self._lists.categories):
            return
        plan.appoints = {
            "category_id": category,
            "capacity": capacity,
            "strengths": strengths,
            "from_on": day_of(values.get("from_on")) or self._today,
            "term_to_on": day_of(values.get("term_to_on")),
        }
        plan.tell("mentor_category", "", self._lists.categories[category])
        plan.tell("capacity", "", str(capacity))
        if strengths:
            plan.tell("strengths", "", self._lists.strong(strengths))

    def _alter(self, plan: Plan, values: Values, strengths: list[int] | None) -> None:
        mentor, lists = plan.mentor or {}, self._lists
        wanted = {
            "category_id": values.get("mentor_category"),
            "capacity": values.get("capacity"),
            "strengths": strengths,
            "term_to_on": day_of(values.get("term_to_on")),
        }
        plan.alters = {
            name: value
            for name, value in wanted.items()
            if value is not None and value != mentor[name]
        }
        if not plan.alters:
            return
        column = "capacity" if "capacity" in plan.alters else "mentor_category"
        if not self._governs(mentor["unit__path"]):
            message = _("This person was appointed as mentor by an office elsewhere.")
            self._against(plan, column, message)
            return
        for name, value in plan.alters.items():
            old = mentor[name]
            if name == "category_id":
                if self._is_known(plan, "mentor_category", value, lists.categories):
                    plan.tell("mentor_category", lists.categories[old], lists.categories[value])
            elif name == "strengths":
                plan.tell(name, lists.strong(old), lists.strong(value))
            elif name == "term_to_on" and mentor["from_on"] and value < mentor["from_on"]:
                self._against(plan, name, _("The term ends before it begins."))
            else:
                plan.tell(name, str(old or ""), str(value))

    def _governs(self, path: str) -> bool:
        grants = self._by.live_grants
        return any(g.role == "coordinator" and path.startswith(g.unit.path) for g in grants)

    def _is_known(self, plan: Plan, column: str, key: int, names: dict[int, str]) -> bool:
        if key not in names:
            self._against(plan, column, _("This entry of the list is there no longer."))
        return key in names


class CadreJudge(PeopleJudge):
    def _mentees(self, people: list[Any]) -> dict[Any, dict[str, Any]]:
        return plans.open_mentees(people, self._today)

    def _plan(self, plan: Plan, values: Values) -> None:
        person, unit = plan.person, self._units[values["unit"]]
        plan.unit, plan.title = unit.pk, values.get("title") or ""
        if person is not None:
            compare(plan, values, person)
            self._membership(plan, values, person)
            self._post(plan, values, person, unit)
        self._appointment(plan, values, unit_path=unit.path)
        self._mentee(plan, values)
        if person is None:
            plan.changes = []  # all of it is new

    def _membership(self, plan: Plan, values: Values, person: Person) -> None:
        """What the row changes against what it leaves as it is."""
        changed = [
            n for n in ("party_month", "political_status", "birth_month") if n in plan.fields
        ]
        if not changed:
            return
        now = {**person, **values}
        found = membership.faults(
            joined=now["party_month"],
            birth=now["birth_month"],
            status=now["political_status"],
            today=self._today,
        )
        for sentence in found[:1]:
            self._against(plan, changed[0], sentence)

    def _post(self, plan: Plan, values: Values, person: Person, unit: Unit) -> None:
        old = (person["post"] or (None, "", None))[1]
        is_elsewhere = person["unit_id"] != unit.pk
        written = values.get("title")
        is_retitled = written is not None and squeeze(written) != squeeze(old)
        plan.moves = is_elsewhere or is_retitled
        if is_elsewhere:
            plan.tell("unit", person["unit__name"], unit.name)
        if is_retitled:
            plan.tell("title", old, plan.title)
        elif is_elsewhere and old:
            plan.tell("title", old, "")  # nobody said what the new post is called

    def _mentee(self, plan: Plan, values: Values) -> None:
        category, reason = values.get("mentee_category"), values.get("should_pair")
        entry = plan.mentee if plan.mentee and plan.mentee["to_on"] is None else None
        if category == "":
            if entry is not None:
                message = _("An entry in the register of mentees is ended there.")
                self._against(plan, "mentee_category", message)
            return
        names = self._lists.mentees
        if category is not None and self._is_known(plan, "mentee_category", category, names):
            if entry is None:
                plan.enters, plan.since = category, self._since(plan)
                plan.tell("mentee_category", "", names[category])
            elif entry["category_id"] != category:
                message = _("Another category holds from a day on: enter it in the register.")
                self._against(plan, "mentee_category", message)
        if reason is not None:
            self._exemption(plan, reason, entry)

    def _exemption(self, plan: Plan, reason: str, entry: dict[str, Any] | None) -> None:
        is_exempt = bool(entry and entry["is_exempt"])
        if entry is None and plan.enters is None:
            if reason:
                message = _("This belongs to a mentee: fill in the mentee category as well.")
                self._against(plan, "should_pair", message)
        elif reason and not is_exempt:
            plan.exempts = reason
            plan.tell("should_pair", "是", f"否（{reason}）")
        elif not reason and is_exempt:
            message = _("An exemption is ended in the register of mentees.")
            self._against(plan, "should_pair", message)

    def _since(self, plan: Plan) -> dt.date | None:
        """Unknown, unless there was an earlier entry: then from today, or the day after it."""
        if plan.mentee is None:
            return None
        return max(self._today, plan.mentee["to_on"] + dt.timedelta(days=1))


class MentorJudge(PeopleJudge):
    """Appointments of people who are in the register; a roster of mentors makes nobody."""

    takes_new = False

    def _plan(self, plan: Plan, values: Values) -> None:
        if plan.person is None:
            message = _("Nobody in the register is meant. Import this person as a cadre first.")
            self._against(plan, "name", message)
            return
        self._appointment(plan, values, unit_path=plan.person["unit__path"])
