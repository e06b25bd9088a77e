"""Invented people for every township of Huzhou: mentors, mentees, their posts and appointments."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from accounts.models import User
from cadres import identity, pinyin
from cadres.models import Cadre, MenteeCategory, Posting
from core.months import full_years, month_of, shift
from mentoring.demo import names
from mentoring.demo.appointments import Appointments
from mentoring.demo.chance import Chance
from mentoring.demo.copying import copy_rows
from mentors.models import Mentor, MentorCategory
from units.models import Unit

# Many an old record lacks something: the share of people without each field.
_GAPS = {"ethnicity": 0.03, "phone": 0.05, "education": 0.02, "id": 0.08, "work_month": 0.04}


class Group(NamedTuple):
    """The people of one township, as they will be paired."""

    township: Unit
    mentors: list[Mentor]
    mentees: list[Cadre]


def shares(total: int, parts: int, chance: Chance) -> list[int]:
    """`total` split over the parts, unevenly, each part at least one while it lasts."""
    weights = [chance.uniform(0.4, 1.8) for _ in range(parts)]
    cut = [int(total * weight / sum(weights)) for weight in weights]
    for number in range(total - sum(cut)):
        cut[number % parts] += 1
    return cut


def enter(city: Unit, *, mentors: int, mentees: int, by: User, chance: Chance) -> list[Group]:
    """Enter so many mentors and mentees below the city; they come back grouped by township."""
    townships = list(Unit.objects.within(city).filter(kind="township").order_by("code"))
    bodies: dict[int, list[Unit]] = {township.pk: [] for township in townships}
    # In the order of codes: that of ids would hang on how many units were made before.
    below = Unit.objects.within(city).filter(kind__in=["village", "station"])
    for unit in below.order_by("code", "name", "pk"):
        if unit.township_id in bodies:
            bodies[unit.township_id].append(unit)
    mentor_shares = shares(mentors, len(townships), chance)
    # As many mentees for each mentor everywhere, so that every mentor has somebody.
    mentee_shares = [mentees * share // max(mentors, 1) for share in mentor_shares]
    for number in range(mentees - sum(mentee_shares)):
        mentee_shares[number % len(townships)] += 1
    categories = list(MentorCategory.objects.filter(is_active=True))
    kinds = list(MenteeCategory.objects.filter(is_active=True))
    maker = _Maker(chance, by, Appointments(city, chance, by))
    groups = [
        Group(
            township,
            [maker.mentor(township, bodies[township.pk], categories) for _ in range(old)],
            [maker.mentee(township, bodies[township.pk], kinds) for _ in range(young)],
        )
        for township, old, young in zip(townships, mentor_shares, mentee_shares, strict=True)
    ]
    for number, township in enumerate(townships):
        maker.beside(township, bodies[township.pk], categories, number)
    _homonyms(groups)
    copy_rows(maker.cadres)
    copy_rows(maker.postings)
    maker.appointments.write()
    return groups


def _homonyms(groups: list[Group]) -> None:
    """Three people of one name in one township, told apart by their birth months alone."""
    for cadre in max((group.mentees for group in groups), key=len, default=[])[-3:]:
        cadre.name = "王伟"
        cadre.pinyin, cadre.initials = pinyin.keys(cadre.name)


class _Maker:
    def __init__(self, chance: Chance, by: User, appointments: Appointments) -> None:
        self.chance, self.by, self.number = chance, by, 0
        self.appointments = appointments
        self.cadres: list[Cadre] = []
        self.postings: list[Posting] = []
        self.given: set[str] = set()  # ID numbers, each once

    def mentor(
        self, township: Unit, bodies: list[Unit], categories: list[MentorCategory]
    ) -> Mentor:
        cadre, category = self._elder(township, bodies, categories)
        return self.appointments.in_office(cadre, category)

    def beside(
        self, township: Unit, bodies: list[Unit], categories: list[MentorCategory], number: int
    ) -> None:
        """Somebody of the register of mentors who has no mentee: not yet, or not any more."""
        cadre, category = self._elder(township, bodies, categories)
        self.appointments.beside(cadre, category, number)

    def _elder(
        self, township: Unit, bodies: list[Unit], categories: list[MentorCategory]
    ) -> tuple[Cadre, MentorCategory]:
        chance = self.chance
        category = chance.choice(categories)
        in_village = (
            "老支书" in category.name or "名师" in category.name or "带头人" in category.name
        )
        unit = self._unit(township, bodies, "village" if in_village else "township")
        title = chance.choice(["党委委员", "人大副主席", "四级调研员", "办公室主任"])
        if in_village:
            title = chance.choice(["党总支书记", "原党支部书记", "村务监督委员会主任", "网格长"])
        return self._cadre(unit, chance.month_at_age(43, 72), in_village, title), category

    def mentee(self, township: Unit, bodies: list[Unit], kinds: list[MenteeCategory]) -> Cadre:
        chance = self.chance
        category = chance.choices(kinds, [5, 3, 3, 2, 1][: len(kinds)])[0]
        in_village = "村社干部" in category.name
        unit = self._unit(township, bodies, "village" if in_village else "")
        title = chance.choice(["科员", "一级科员", "四级主任科员", "综合执法队员", "党建办干部"])
        if in_village:
            title = chance.choice(["党总支书记", "村委会委员", "党支部委员", "妇联主席"])
        oldest = 45 if in_village else 37
        return self._cadre(unit, chance.month_at_age(22, oldest), in_village, title)

    def _unit(self, township: Unit, bodies: list[Unit], kind: str) -> Unit:
        if kind == "township" or not bodies:
            return township
        found = [unit for unit in bodies if unit.kind == (kind or "station")]
        if not found or (not kind and self.chance.random() < 0.7):
            return township
        return self.chance.choice(found)

    def _cadre(self, unit: Unit, birth: str, in_village: bool, title: str) -> Cadre:
        chance, self.number = self.chance, self.number + 1
        name, ethnicity, gender = names.person(chance, self.number)
        age = full_years(birth, chance.today)
        missing = {field for field, share in _GAPS.items() if chance.random() < share}
        young = age < 40
        levels, weights = (
            (["21", "14", "31", "11"], [70, 18, 11, 1])
            if young
            else (["31", "61", "41", "21", "71"], [30, 25, 18, 20, 7])
        )
        education = chance.choices(levels, weights)[0]
        party = chance.choices(["01", "02", "03", "13", "12"], [78, 4, 10 if young else 0, 7, 1])[0]
        entered = chance.moment(chance.day(dt.date(2025, 1, 6), dt.date(2025, 3, 28)))
        cadre = Cadre(
            id=chance.uuid_at(entered),
            name=name,
            gender=gender,
            birth_month=birth,
            ethnicity="" if "ethnicity" in missing else ethnicity,
            political_status=party,
            party_month=self._joined_the_party(birth, party),
            education="" if "education" in missing else education,
            later_education="21" if not young and chance.random() < 0.35 else "",
            work_month="" if "work_month" in missing else self._began_work(birth),
            staffing="village"
            if in_village
            else chance.choices(["civil", "institution", "civil_like", "worker"], [60, 32, 5, 3])[
                0
            ],
            # 12… is no number of any network: nobody can be rung up by accident.
            phone="" if "phone" in missing else f"12{chance.randrange(10**9):09d}",
            created_by=self.by,
            created_at=entered,
            updated_at=entered,
        )
        cadre.pinyin, cadre.initials = pinyin.keys(name)
        if "id" not in missing:
            cadre.set_id_number(self._id_number(birth, gender))
        cadre.put_in(unit)
        self.cadres.append(cadre)
        posting = Posting(id=chance.uuid_at(entered), cadre=cadre, title=title)
        posting.put_in(unit)
        if chance.random() < 0.5:
            posting.from_on = chance.day(dt.date(2019, 1, 1), dt.date(2025, 2, 28))
        self.postings.append(posting)
        return cadre

    def _began_work(self, birth: str) -> str:
        return min(shift(birth, self.chance.randint(19 * 12, 24 * 12)), month_of(self.chance.today))

    def _joined_the_party(self, birth: str, status: str) -> str:
        """At 19 to 30 years of age; a probationary member within the last year."""
        today = month_of(self.chance.today)
        if status == "02":
            return shift(today, -self.chance.randint(1, 11))
        joined = min(shift(birth, self.chance.randint(19 * 12, 30 * 12)), shift(today, -13))
        return joined if status == "01" else ""

    def _id_number(self, birth: str, gender: str) -> str:
        # The day and the order number are nobody's: 330599 is no area of Huzhou.
        while True:
            order = self.chance.randrange(500) * 2 + int(gender == "1")
            body = f"330599{birth.replace('-', '')}{self.chance.randint(1, 28):02d}{order:03d}"
            if body not in self.given:
                self.given.add(body)
                return body + identity.check_digit(body)
