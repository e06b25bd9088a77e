"""What offices enter after the figures were sealed: by the verbs of the register, on any day."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import IntegrityError, transaction

from activities.models import Method, Session, Visit
from cadres.merging import CannotMerge, merge
from cadres.merging import undo as part
from cadres.models import AlreadyLeft, Cadre, Mentee, MenteeCategory, Merge, Posting, StaleEntry
from cadres.models import Merged as WasMerged
from cadres.posts import StalePost, correct_post
from cadres.registering import correct, register
from certificates.models import Certificate, Series
from core.problems import Refused
from mentors import appointing
from mentors.models import Mentor, MentorCategory, StillPaired
from mentors.models import StaleMove as MentorStale
from pairings.models import Pairing, StaleMove
from pairings.registering import register as register_pair
from pairings.reversing import Irreversible, last_step, reverse
from units import tree as unit_tree
from units.models import BadDay, NotNow, Unit

# A verb that the state of things forbids changes nothing, and another one is tried.
REFUSED = (
    AlreadyLeft, BadDay, CannotMerge, IntegrityError, Irreversible, MentorStale, NotNow, Refused,
    StaleEntry, StaleMove, StalePost, StillPaired, ValueError, WasMerged, unit_tree.WrongPlace,
)  # fmt: skip


class Office:
    """Enters one thing after another; `day()` says from when it is to hold."""

    def __init__(self, user, chance: Random, *, first: dt.date, last: dt.date) -> None:
        self.user, self.chance, self.first, self.last = user, chance, first, last

    def day(self) -> dt.date:
        return self.first + dt.timedelta(days=self.chance.randrange((self.last - self.first).days))

    def one(self, rows):
        found = list(rows.order_by("pk"))
        if not found:
            raise ValueError(rows.model)
        return self.chance.choice(found)

    def try_to(self, verb: str) -> bool:
        try:
            with transaction.atomic():
                getattr(self, verb)()
        except REFUSED:
            return False
        return True

    # -- records and certificates -----------------------------------------------------------------

    def enter_a_session(self) -> None:
        Session.objects.create(
            pairing=self.one(Pairing.objects.all()), happened_on=self.day(), topic="补",
            method=self.chance.choice(Method.values),
        )  # fmt: skip

    def enter_a_visit(self) -> None:
        Visit.objects.create(
            pairing=self.one(Pairing.objects.all()), happened_on=self.day(), place_text="村口",
            visited="firm",
        )  # fmt: skip

    def issue_a_certificate(self) -> None:
        series = self.one(Series.objects.all())
        number = series.certificates.count() + 1
        pairing = self.one(Pairing.objects.all())
        Certificate.objects.create(
            kind=series.kind, pairing=pairing, unit=pairing.unit, series=series, year=series.year,
            number=number, serial=f"补{number}", facts={}, pdf=b"%PDF", sha256="0" * 64,
            issued_on=self.day(), issued_by=self.user,
        )  # fmt: skip

    # -- people -----------------------------------------------------------------------------------

    def person(self) -> Cadre:
        return self.one(Cadre.objects.all())

    def enter_a_person(self) -> None:
        unit = self.one(Unit.objects.exclude(kind="province").filter(closed_on=None))
        made = Cadre(name="后补", gender="1", birth_month="1995-03")
        register(
            made, unit=unit, title="", by=self.user, client_key=None,
            mentee_category=self.chance.choice([None, MenteeCategory.objects.first()]),
        )  # fmt: skip

    def move_a_person(self) -> None:
        unit = self.one(Unit.objects.exclude(kind="province").filter(closed_on=None))
        self.person().move_to(unit, on=self.day(), by=self.user)

    def say_when_a_post_began(self) -> None:
        post = self.one(Posting.objects.all())
        correct_post(post, title="", from_on=self.day(), to_on=post.to_on, by=self.user)

    def let_a_person_leave(self) -> None:
        self.person().leave(on=self.day(), reason="退休", by=self.user)

    def take_a_person_back(self) -> None:
        self.one(Cadre.objects.exclude(left_on=None)).reinstate(reason="误录", by=self.user)

    def correct_a_person(self) -> None:
        person = self.person()
        values = {
            "birth_month": "1999-01", "gender": "2", "education": "21", "political_status": "01",
            "staffing": "civil", "phone": "13800001234",
        }  # fmt: skip
        name = self.chance.choice(list(values))
        setattr(person, name, values[name])
        correct(person, fields=[name], by=self.user)

    def merge_two(self) -> None:
        kept, other = self.person(), self.person()
        if kept != other:
            merge(kept, other, take=frozenset(), reason="重复", by=self.user, key=None)

    def part_two(self) -> None:
        part(self.one(Merge.objects.filter(undone_at=None)), by=self.user)

    # -- the register of mentees ------------------------------------------------------------------

    def entry(self) -> Mentee:
        return self.one(Mentee.objects.filter(to_on=None))

    def another_category(self) -> None:
        self.entry().change_category(self.one(MenteeCategory.objects.all()), on=self.day(),
                                     by=self.user)  # fmt: skip

    def correct_an_entry(self) -> None:
        kind = self.one(MenteeCategory.objects.all())
        self.entry().correct(category=kind, from_on=self.day(), by=self.user)

    def end_an_entry(self) -> None:
        self.entry().end(on=self.day(), reason="误录", by=self.user)

    def reopen_an_entry(self) -> None:
        self.one(Mentee.objects.exclude(to_on=None)).reopen(by=self.user, reason="误录")

    def exempt(self) -> None:
        self.entry().exempt(from_on=self.day(), to_on=None, reason="借调", by=self.user)

    def include_again(self) -> None:
        self.entry().include_again(on=self.day(), by=self.user)

    # -- mentors ----------------------------------------------------------------------------------

    def appoint(self) -> None:
        appointing.appoint_at_once(
            self.person(), appointing.Terms(self.day()), by=self.user, waiver="特批",
            category=MentorCategory.objects.first(), capacity=9,
        )  # fmt: skip

    def end_a_mentor(self) -> None:
        self.one(Mentor.objects.filter(to_on=None)).move(
            "end", by=self.user, on=self.day(), reason="退休"
        )

    def another_kind_of_mentor(self) -> None:
        kind = self.one(MentorCategory.objects.all())
        self.one(Mentor.objects.all()).change(category=kind, capacity=3, by=self.user)

    # -- pairs ------------------------------------------------------------------------------------

    def pair(self) -> None:
        mentor = self.one(Mentor.objects.filter(to_on=None))
        register_pair(
            mentor, self.person(), by=self.user, from_on=self.day(), to_on=None, method="assigned",
            role=self.chance.choice(["lead", "political", "life"]), needs_approval=False,
            confirmed=("mentor", "mentee"),
        )  # fmt: skip

    def move_a_pair(self) -> None:
        pairing = self.one(Pairing.objects.for_detail())
        verb, day = self.chance.choice(pairing.moves_for(self.user) or ["none"]), self.day()
        given = {"reason": "补录"}
        if verb == "terminate":
            given["document"] = "无"
        if verb == "extend":
            given["to_on"] = (pairing.to_on or self.last) + dt.timedelta(days=90)
        if verb == "ceremony":
            given["ceremony_on"] = day
        pairing.move(verb, by=self.user, on=None if verb == "extend" else day, **given)

    def take_a_step_back(self) -> None:
        pairing = self.one(Pairing.objects.for_detail())
        if last := last_step(pairing):
            reverse(pairing, event=last.pk, by=self.user, reason="点错了")

    # -- the tree ---------------------------------------------------------------------------------

    def move_a_unit(self) -> None:
        unit = self.one(Unit.objects.filter(kind__in=["township", "village", "zone", "station"]))
        where = unit_tree.may_stand_below(unit)
        unit_tree.move(unit, self.one(where), on=self.day(), by=self.user)

    def merge_a_unit(self) -> None:
        unit = self.one(Unit.objects.filter(kind__in=["township", "village"], closed_on=None))
        into = unit_tree.successors_of(unit)
        if into:
            unit_tree.merge(unit, self.one(into), on=self.day(), by=self.user)

    def correct_a_unit(self) -> None:
        unit = self.one(Unit.objects.filter(closed_on=None))
        unit_tree.correct(
            unit, kind=unit_tree.kinds_for(unit)[-1], code="", reason="误录", by=self.user
        )


def verbs() -> list[str]:
    own = [name for name in vars(Office) if not name.startswith("_")]
    return [name for name in own if name not in {"day", "one", "try_to", "person", "entry"}]
