"""Whom a row means: never by name alone, and asked where it cannot be said."""

from __future__ import annotations

import datetime as dt

from cadres.models import Cadre
from tests.cadres.sheets import id_number
from tests.factories import make_cadre
from tests.mentors.rosters import counts, faults, row, run

NUMBER, OTHER = id_number(), id_number(order="345")


def known(tree, *, number: str = "", unit: str = "shangshu", **fields) -> Cadre:
    cadre = make_cadre(
        unit=getattr(tree, unit), **{"name": "王小明", "birth_month": "1985-07", **fields}
    )
    if number:
        cadre.set_id_number(number)
        cadre.save()
    return cadre


def test_the_id_number_finds_a_person_in_another_unit_of_the_office(cast, tree):
    cadre = known(tree, number=NUMBER, unit="dipu")
    assert counts(run(cast.county, row(身份证号=NUMBER))) == (1, 0, 1, 0)
    cadre.refresh_from_db()
    assert cadre.unit == tree.shangshu


def test_name_month_and_unit_find_a_person_and_the_id_number_is_added(cast, tree):
    cadre = known(tree)
    assert counts(run(cast.county, row(身份证号=NUMBER))) == (1, 0, 1, 0)
    cadre.refresh_from_db()
    assert cadre.id_tail == NUMBER[-4:]


def test_another_birth_month_is_another_person(cast, tree):
    known(tree, birth_month="1990-01")
    assert counts(run(cast.county, row())) == (1, 1, 0, 0)
    assert Cadre.objects.filter(name="王小明").count() == 2


def test_another_id_number_is_another_person_even_of_the_same_month(cast, tree):
    known(tree, number=OTHER)
    assert counts(run(cast.county, row(身份证号=NUMBER))) == (1, 1, 0, 0)


def test_the_same_name_and_month_in_another_unit_is_asked_about(cast, tree):
    known(tree, unit="dipu", number=OTHER)
    question = (
        "递铺街道已有王小明（1985.07出生）。是不是同一人，请在库中和本表都填上身份证号来区分。"
    )
    assert faults(run(cast.county, row())) == [(2, "单位", question)]
    assert counts(run(cast.county, row(身份证号=NUMBER))) == (1, 1, 0, 0)


def test_somebody_of_the_same_name_in_another_county_is_nobodys_business(cast, tree):
    known(tree, unit="yuyue")
    assert counts(run(cast.county, row())) == (1, 1, 0, 0)


def test_an_id_number_of_another_county_gives_no_name_away(cast, tree):
    known(tree, unit="yuyue", number=NUMBER, name="钱某某")
    before = Cadre.objects.count()
    report = run(cast.county, row(身份证号=NUMBER))
    assert faults(report) == [
        (2, "身份证号", "该身份证号的人员已由其他单位登记，请联系上级组织部门办理调动。")
    ]
    assert "钱某某" not in str(report)
    assert "禹越" not in str(report)
    assert Cadre.objects.count() == before


def test_an_id_number_under_another_name_is_asked_about(cast, tree):
    known(tree, number=NUMBER, name="王晓明")
    assert faults(run(cast.county, row(身份证号=NUMBER))) == [
        (2, "姓名", "库中该身份证号登记的姓名是王晓明，请核对更正。")
    ]


def test_two_rows_alike_are_told_apart_by_id_number_or_refused(cast):
    assert faults(run(cast.county, row(), row(姓名="甲"), row(身份证号=NUMBER))) == [
        (4, "姓名", "与第 2 行的姓名、出生年月、单位都相同。如确是两个人，请都填身份证号。")
    ]
    assert faults(run(cast.county, row(身份证号=NUMBER), row(姓名="甲", 身份证号=NUMBER))) == [
        (3, "身份证号", "与第 2 行的身份证号相同。")
    ]
    assert counts(run(cast.county, row(身份证号=NUMBER), row(身份证号=OTHER))) == (2, 2, 0, 0)
    assert faults(run(cast.county, row())) == [
        (2, "身份证号", "该单位有 2 名同名同出生年月的人员，请填身份证号。")
    ]


def test_homonyms_of_one_file_in_two_units_stay_two_people(cast):
    both = row(), row(单位="递铺街道")
    assert counts(run(cast.county, *both)) == (2, 2, 0, 0)
    assert counts(run(cast.county, *both)) == (2, 0, 0, 2)


def test_two_rows_cannot_mean_one_registered_person(cast, tree):
    known(tree, number=NUMBER)
    assert faults(run(cast.county, row(身份证号=NUMBER, 单位="递铺街道"), row())) == [
        (3, "姓名", "与第 2 行是同一个人。")
    ]


def test_who_left_is_not_brought_back_by_a_roster(cast, tree):
    known(tree, left_on=dt.date(2026, 1, 31))
    assert faults(run(cast.county, row())) == [
        (2, "姓名", "此人已于 2026-01-31 离开干部库，请先在库中更正。")
    ]


def test_a_person_without_a_birth_month_is_asked_about(cast, tree):
    known(tree, birth_month="")
    assert faults(run(cast.county, row())) == [
        (2, "出生年月", "干部库中本单位的王小明没有出生年月，请先在库中补上。")
    ]
