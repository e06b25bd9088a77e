"""The two rosters of people, as rosters.kinds asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentors.importing import columns, saving, undoing
from mentors.importing.judging import CadreJudge, MentorJudge, PeopleJudge
from mentors.importing.plans import Plan
from mentors.importing.reader import Reader
from mentors.importing.template import cadres_workbook, mentors_workbook
from rosters.kinds import Cell, Kind, Progress, Reading, Staged, Verdict


class PeopleKind(Kind):
    judge_class: type[PeopleJudge]

    def reader(self, by: User) -> Callable[[Mapping[str, Cell]], Reading]:
        return Reader(self.columns, by)

    def judge(self, by: User) -> PeopleJudge:
        return self.judge_class(by)

    def save(
        self, rows: Iterator[list[tuple[int, Staged, Verdict]]], by: User, progress: Progress
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        # The plans that this kind's own judge made.
        return saving.save(cast("Iterator[list[tuple[int, Staged, Plan]]]", rows), by, progress)

    def undo(
        self,
        effects: Iterator[list[tuple[int, int, int, dict[str, Any]]]],
        progress: Progress,
        *,
        keep_blocked: bool,
    ) -> int:
        return undoing.undo(effects, progress, keep_blocked=keep_blocked)


class Cadres(PeopleKind):
    code = "cadres"
    title = _("Roster of cadres")
    lead = _(
        "Upload your own workbook or the filled-in template. It is checked first; nothing is "
        "saved before you confirm."
    )
    columns = columns.CADRES
    seen_at = "cadres:list"
    judge_class = CadreJudge

    def template(self, by: User) -> bytes:
        return cadres_workbook(by)


class Mentors(PeopleKind):
    code = "mentors"
    title = _("Roster of mentors")
    lead = _(
        "Appoints people who are in the register already; nobody is added to the register. It "
        "is checked first; nothing is saved before you confirm."
    )
    columns = columns.MENTORS
    seen_at = "mentors:list"
    takes_new = False
    judge_class = MentorJudge

    def template(self, by: User) -> bytes:
        return mentors_workbook(by)


CADRES, MENTORS = Cadres(), Mentors()
