"""The article's own numbers, from people down to the printed table (domain §4 and §7)."""

from __future__ import annotations

import datetime as dt
import io
from html import unescape

import openpyxl
import pytest
from django.urls import reverse as url

from cadres.models import Cadre, Posting
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from pairings.states import Role, State
from stats import exports, figures
from tests.factories import make_cadre, make_mentor

DAY = dt.date(2021, 1, 20)
BEGUN = dt.date(2020, 3, 1)
YOUNG, OLD = "1990-01", "1970-01"


def people(unit, staffing, *groups):
    """Each group: how many, born in which month, with which education."""
    made = Cadre.objects.bulk_create(
        Cadre(
            unit=unit,
            name="某",
            county=unit.county,
            staffing=staffing,
            birth_month=month,
            education=education,
        )
        for number, month, education in groups
        for _ in range(number)
    )
    Posting.objects.bulk_create(
        Posting(cadre=cadre, unit=unit, county=unit.county) for cadre in made
    )
    return made


@pytest.fixture
def as_in_the_article(cast, tree):
    """8,264 civil servants at a township of Anji, 7,679 committee members in Deqing."""
    Posting.objects.all().delete()
    people(
        tree.shangshu,
        "civil",
        (1971, YOUNG, "21"),
        (2446 - 1971, YOUNG, "31"),
        (8264 - 2446, OLD, "31"),
    )
    people(tree.yuyue, "village", (2657, YOUNG, "31"), (7679 - 2657, OLD, "31"))


def test_its_shares_come_out_with_their_denominators(cast, tree, as_in_the_article, signed_in):
    civil, village = (figures.table(unit, DAY) for unit in (tree.anji, tree.deqing))
    assert civil.total.counts["people_staffing_civil"] == 8264
    assert village.total.counts["people_staffing_village"] == 7679
    asked = {"unit": tree.anji.pk, "as_of": "2021-01-20", "section": "shares"}
    text = unescape(signed_in(cast.county).get(url("stats:table"), asked).text)
    for printed in ("29.60%", "80.58%", ">1,971</a>", ">2,446</a>", ">8,264</a>"):
        assert printed in text
    shares = {share.code: share for share in civil.columns if hasattr(share, "part")}
    assert [
        civil.total.ratio(shares[code])
        for code in ("people_young_share", "people_young_graduate_share")
    ] == [(2446, 8264), (1971, 2446)]
    assert village.total.ratio(shares["people_young_share"]) == (2657, 7679)


def test_the_workbook_prints_numerator_denominator_and_share(tree, as_in_the_article):
    expected = {
        tree.anji: [2446, 8264, 0.2960, 1971, 8264, 0.2385, 1971, 2446, 0.8058],
        tree.deqing: [2657, 7679, 0.3460, 0, 7679, 0, 0, 2657, 0],
    }
    for unit, row in expected.items():
        book = openpyxl.load_workbook(io.BytesIO(exports.write_xlsx(figures.table(unit, DAY))))
        total = [cell.value for cell in book["年龄与学历"][5]]
        assert [round(value, 4) for value in total[11:20]] == row


def test_pairings_and_mentees_are_two_counts(tree):
    """1,360 pairings are not 3,000 mentees: of three lists of different lengths none is another."""
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="老师傅"), from_on=BEGUN)
    second = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="二师傅"), from_on=BEGUN)
    learning = people(tree.shangshu, "civil", (300, YOUNG, "21"))
    twice = learning[:60]  # with a second mentor for their work
    rows = [pair(mentor, mentee, Role.LEAD) for mentee in learning]
    rows += [pair(second, mentee, Role.WORK) for mentee in twice]
    pairs = Pairing.objects.bulk_create(rows)
    PairingEvent.objects.bulk_create(
        PairingEvent(pairing=each, verb="x", to_state=State.ACTIVE, on=BEGUN) for each in pairs
    )
    counts = figures.table(tree.anji, DAY).total.counts
    assert (counts["pairs_running"], counts["mentees"], counts["mentors"]) == (360, 300, 2)


def pair(mentor: Mentor, mentee: Cadre, role: Role) -> Pairing:
    return Pairing(
        mentor=mentor,
        mentor_cadre=mentor.cadre,
        mentee=mentee,
        unit=mentee.unit,
        county=mentee.unit.county,
        role=role,
        from_on=BEGUN,
        state=State.ACTIVE,
    )
