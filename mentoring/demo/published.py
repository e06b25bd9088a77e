"""The four pairs of published reports, with their published facts and nothing else.

Source: the Huzhou government's article of 2021-01-20. No birth month, gender, phone, ID number,
term or first day of theirs is known here, so none is entered: the pair begins in the register
on the day of the article, without an agreed term.
"""

from __future__ import annotations

import datetime as dt

from cadres.models import Cadre, Posting
from mentoring.demo.chance import Chance
from mentors.models import Mentor, MentorCategory, MentorEvent
from pairings.models import Pairing, PairingEvent
from pairings.states import State
from units.models import Unit

REPORTED_ON = dt.date(2021, 1, 20)
PAIRS = (
    ("褚雪松", "马晔", "安吉县/上墅乡/刘家塘村委会", "结对九年"),
    ("曹水庆", "王桢", "德清县/禹越镇", "结对四年多"),
    ("黄际来", "马新生", "长兴县/泗安镇", "师徒结对"),
    ("宋生娥", "姚元元", "南太湖新区/杨家埠街道", "2016年起结对"),
)


def enter(city: Unit, chance: Chance) -> int:
    """Enter the pairs below the city; how many."""
    category = MentorCategory.objects.get(name="其他")
    for mentor_name, mentee_name, place, fact in PAIRS:
        unit = city
        for name in place.split("/"):
            unit = Unit.objects.get(parent=unit, name=name)
        at = chance.moment(REPORTED_ON)
        cadres = [
            Cadre(id=chance.uuid_at(at), name=name, unit=unit)
            for name in (mentor_name, mentee_name)
        ]
        for cadre in cadres:
            cadre.save()
            Posting.objects.create(id=chance.uuid_at(at), cadre=cadre, unit=unit)
        mentor = Mentor.objects.create(
            id=chance.uuid_at(at),
            cadre=cadres[0],
            unit=unit,
            category=category,
            from_on=REPORTED_ON,
        )
        MentorEvent.objects.create(mentor=mentor, verb="appoint", on=REPORTED_ON, at=at)
        remark = f"据2021年1月20日公开报道：{fact}。仅录入已公开的信息。"
        pairing = Pairing.objects.create(
            id=chance.uuid_at(at),
            mentor=mentor,
            mentee=cadres[1],
            state=State.ACTIVE,
            from_on=REPORTED_ON,
            to_on=None,
            remark=remark,
        )
        PairingEvent.objects.create(
            pairing=pairing,
            verb="register",
            to_state=State.ACTIVE,
            on=REPORTED_ON,
            reason=remark,
        )
    return len(PAIRS)
