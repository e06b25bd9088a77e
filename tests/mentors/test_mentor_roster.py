"""The roster of mentors appoints people who are in the register, and makes nobody."""

from __future__ import annotations

import datetime as dt

from cadres.models import Cadre
from mentors.models import Mentor, MentorCategory
from tests.factories import make_cadre, make_mentor
from tests.mentors.rosters import checked, counts, faults, run


def row(**cells):
    return {"姓名": "王小明", "出生年月": "1966.05", "单位": "上墅乡", "导师类型": "其他", **cells}


def known(tree, **fields):
    return make_cadre(
        **{"unit": tree.shangshu, "name": "王小明", "birth_month": "1966-05", **fields}
    )


def test_a_person_of_the_register_is_appointed_with_a_term(cast, tree):
    cadre = known(tree)
    batch = run(
        cast.county,
        row(导师专长="方言沟通", 帮带名额=3, 聘任日期="2026-03-01", 聘期至="2027-02-28"),
        kind="mentors",
    )
    assert (faults(batch), counts(batch)) == ([], (1, 0, 1, 0))
    mentor = Mentor.objects.get(cadre=cadre)
    assert (mentor.state, mentor.category.name, mentor.capacity, mentor.unit) == (
        "in_office", "其他", 3, tree.shangshu,
    )  # fmt: skip
    assert (mentor.from_on, mentor.term_to_on) == (dt.date(2026, 3, 1), dt.date(2027, 2, 28))
    assert [(e.verb, e.on, e.new_to_on) for e in mentor.events.all()] == [
        ("import", dt.date(2026, 3, 1), dt.date(2027, 2, 28))
    ]


def test_nobody_is_added_to_the_register(cast, tree):
    before = Cadre.objects.count()
    batch = checked(cast.county, row(), kind="mentors")
    assert faults(batch) == [(2, "姓名", "干部库中没有此人，请先用干部花名册导入。")]
    assert Cadre.objects.count() == before


def test_without_a_birth_month_the_office_is_asked(cast, tree):
    cadre = known(tree)
    batch = checked(cast.county, row(出生年月=None), kind="mentors")
    [found] = batch.rows.all()
    assert (found.outcome, [each["id"] for each in found.candidates]) == ("doubt", [str(cadre.pk)])


def test_an_open_appointment_is_altered_and_never_doubled(cast, tree):
    mentor = make_mentor(cadre=known(tree), category=MentorCategory.objects.first())
    assert counts(run(cast.county, row(聘期至="2030-01-01"), kind="mentors")) == (1, 0, 1, 0)
    mentor.refresh_from_db()
    assert (mentor.category.name, mentor.term_to_on) == ("其他", dt.date(2030, 1, 1))
    [event] = mentor.events.all()
    assert (event.verb, event.reason[:5]) == ("edit", "导师类型 ")


def test_a_term_that_ends_before_it_begins_is_wrong(cast, tree):
    known(tree)
    batch = checked(cast.county, row(聘任日期="2026-03-01", 聘期至="2026-01-01"), kind="mentors")
    assert faults(batch) == [(2, "聘期至", "聘期届满日期早于聘任日期。")]


def test_nobody_appoints_themselves(cast, tree):
    known(tree, user=cast.county)
    batch = checked(cast.county, row(), kind="mentors")
    assert faults(batch) == [(2, "导师类型", "本人的聘任应由上级单位办理。")]


def test_people_of_another_county_are_nobodys_business(cast, tree):
    known(tree, unit=tree.yuyue)
    batch = checked(cast.county, row(), kind="mentors")
    assert "禹越" not in str(batch.rows.values())
    assert [each.candidates for each in batch.rows.all()] == [[]]
