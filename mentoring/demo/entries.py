"""The register of mentees of the demo: most are paired, some are not, some are exempt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from cadres.models import Cadre, Exemption, Mentee, MenteeCategory, MenteeEvent, MenteeVerb
from mentoring.demo import texts
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from mentoring.demo.people import Group
from pairings.models import Pairing
from pairings.states import RUNNING, State

Last = tuple[str, dt.date, dt.date | None]  # state, first day, day of the end


def enter(groups: Iterable[Group], *, by: User, chance: Chance) -> int:
    """An entry for each mentee; who graduated is off the register. The number of entries."""
    rows = Pairing.objects.order_by("from_on", "pk")
    last: dict[UUID, Last] = {}
    found = rows.values_list("mentee", "state", "from_on", "ended_on")
    for person, state, from_on, ended_on in found:
        if person not in last or last[person][0] not in RUNNING:
            last[person] = (state, from_on, ended_on)
    maker = _Maker(chance, by, list(MenteeCategory.objects.filter(is_active=True)))
    for group in groups:
        for cadre in group.mentees:
            if cadre.pk in last:
                maker.enter(cadre, last[cadre.pk])
    copy_rows(maker.entries)
    copy_rows(maker.exemptions)
    copy_rows(maker.events)
    return len(maker.entries)


class _Maker:
    def __init__(self, chance: Chance, by: User, kinds: list[MenteeCategory]) -> None:
        self.chance, self.by = chance, by
        self.village = [kind for kind in kinds if "村社干部" in kind.name]
        self.others = [kind for kind in kinds if "村社干部" not in kind.name]
        self.entries: list[Mentee] = []
        self.exemptions: list[Exemption] = []
        self.events: list[MenteeEvent] = []

    def enter(self, cadre: Cadre, last: Last) -> None:
        chance, (state, begins, ended_on) = self.chance, last
        since = min(begins, chance.today) - dt.timedelta(days=chance.randint(10, 90))
        at = chance.moment(since)
        entry = Mentee(
            id=chance.uuid_at(at),
            cadre=cadre,
            category=chance.choice(self.village if cadre.staffing == "village" else self.others),
            # Of some it was never written down.
            from_on=None if chance.random() < 0.05 else since,
            created_by=self.by,
            created_at=at,
        )
        self.entries.append(entry)
        self._tell(entry, MenteeVerb.REGISTER, at, on=entry.from_on)
        if state == State.COMPLETED and ended_on:
            entry.to_on, entry.end_reason = ended_on, texts.GRADUATED
            self._tell(entry, MenteeVerb.END, chance.moment(ended_on), on=ended_on,
                       reason=texts.GRADUATED)  # fmt: skip
        elif state not in RUNNING and chance.random() < 0.25:
            self._exempt(entry, max(since, ended_on or since))

    def _exempt(self, entry: Mentee, earliest: dt.date) -> None:
        chance = self.chance
        begins = chance.day(earliest, chance.today)
        at, reason = chance.moment(begins), chance.choice(texts.EXEMPT)
        to_on = None
        if chance.random() < 0.5:
            to_on = chance.today + dt.timedelta(days=chance.randint(20, 120))
        self.exemptions.append(
            Exemption(
                id=chance.uuid_at(at),
                mentee=entry,
                from_on=begins,
                to_on=to_on,
                reason=reason,
                created_by=self.by,
                created_at=at,
            )
        )
        self._tell(entry, MenteeVerb.EXEMPT, at, on=begins, to_on=to_on, reason=reason)

    def _tell(
        self, entry: Mentee, verb: str, at: dt.datetime, *, on: dt.date | None,
        to_on: dt.date | None = None, reason: str = "",
    ) -> None:  # fmt: skip
        self.events.append(
            MenteeEvent(
                mentee=entry, actor=self.by, verb=verb, on=on, to_on=to_on, reason=reason, at=at
            )
        )
