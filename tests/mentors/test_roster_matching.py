"""Whom a row means: never by name alone, and asked where it cannot be said."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.models import Cadre
from rosters import batches, working
from rosters.kinds import Staged, kind_of
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
    question = "递铺街道已有王小明（1985.07出生）。是不是同一人？"
    assert faults(run(cast.county, row())) == [(2, "单位", question)]
    assert counts(run(cast.county, row(身份证号=NUMBER))) == (1, 1, 0, 0)


def test_somebody_of_the_same_name_in_another_county_is_nobodys_business(cast, tree):
    known(tree, unit="yuyue")
    assert counts(run(cast.county, row())) == (1, 1, 0, 0)


def test_an_id_number_of_another_county_gives_no_name_away(cast, tree):
    known(tree, unit="yuyue", number=NUMBER, name="钱某某")
    before = Cadre.objects.count()
    batch = run(cast.county, row(身份证号=NUMBER))
    assert faults(batch) == [
        (2, "身份证号", "该身份证号的人员已由其他单位登记，请联系上级组织部门办理调动。")
    ]
    said = str(batch.rows.values())
    assert "王小明" in said
    assert "钱某某" not in said
    assert "禹越" not in said
    assert Cadre.objects.count() == before


def test_an_id_number_under_another_name_is_asked_about(cast, tree):
    known(tree, number=NUMBER, name="王晓明")
    assert faults(run(cast.county, row(身份证号=NUMBER))) == [
        (2, "姓名", "库中该身份证号登记的姓名是王晓明。是不是同一人？")
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
        (2, "姓名", "该单位有 2 名同名同出生年月的人员，请指明是哪一位。")
    ]


def test_homonyms_of_one_file_in_two_units_stay_two_people(cast):
    both = row(), row(单位="递铺街道")
    assert counts(run(cast.county, *both)) == (2, 2, 0, 0)
    assert counts(run(cast.county, *both)) == (2, 0, 0, 2)


def test_two_rows_cannot_mean_one_registered_person(cast, tree):
    known(tree, number=NUMBER)
    assert faults(run(cast.county, row(身份证号=NUMBER, 单位="递铺街道"), row())) == [
        (3, "姓名", "与第 2 行是同一人。")
    ]


def test_who_left_is_not_brought_back_by_a_roster(cast, tree):
    known(tree, left_on=dt.date(2026, 1, 31))
    assert faults(run(cast.county, row())) == [
        (2, "姓名", "此人已于 2026-01-31 离开干部库，请先在库中更正。")
    ]


def test_a_person_without_a_birth_month_is_asked_about(cast, tree):
    known(tree, birth_month="")
    assert faults(run(cast.county, row())) == [
        (2, "出生年月", "库中本单位的王小明没有出生年月。是不是同一人？")
    ]


def answered(batch, user, answer):
    return batches.answer(batch, batch.rows.get(), answer, user)


def test_a_doubtful_row_shows_both_and_may_mean_the_one_or_somebody_new(cast, tree):
    cadre = known(tree, unit="dipu", title="干事")
    batch = run(cast.county, row(职务="副乡长"))
    assert batch.counts == {"doubt": 1}
    [candidate] = batch.rows.get().candidates
    assert candidate == {
        "id": str(cadre.pk),
        "name": "王小明",
        "apart": "递铺街道 · 1985.07",
        "facts": [
            ["单位", "上墅乡", "递铺街道"],
            ["出生年月", "1985.07", "1985.07"],
            ["身份证号后四位", "", ""],
            ["职务", "副乡长", "干事"],
        ],
    }
    assert answered(batch, cast.county, str(cadre.pk)).outcome == "changed"
    assert answered(batch, cast.county, "").outcome == "doubt"
    assert answered(batch, cast.county, "skip").outcome == "skipped"
    assert answered(batch, cast.county, "new").outcome == "new"
    batch.refresh_from_db()
    assert batch.counts == {"new": 1}
    batches.confirm(batch, cast.county)
    working.run(batch.pk)
    assert Cadre.objects.filter(name="王小明").count() == 2
    cadre.refresh_from_db()
    assert cadre.unit == tree.dipu


def test_an_answer_that_was_not_offered_is_refused(cast, tree):
    known(tree, unit="dipu")
    stranger = known(tree, unit="yuyue")
    batch = run(cast.county, row())
    for answer in (str(stranger.pk), "everybody"):
        with pytest.raises(ValueError, match=answer):
            answered(batch, cast.county, answer)
    assert batch.rows.get().answer == ""


def test_two_answers_cannot_mean_one_person(cast, tree):
    cadre = known(tree, unit="dipu")
    batch = run(cast.county, row(), row(单位="刘家塘村"))
    first, second = batch.rows.order_by("number")
    batches.answer(batch, first, str(cadre.pk), cast.county)
    second = batches.answer(batch, second, str(cadre.pk), cast.county)
    assert (second.outcome, second.faults) == (
        "wrong", [{"column": "", "message": "与第 2 行是同一人。"}],
    )  # fmt: skip


def test_a_merged_record_stands_for_the_one_that_was_kept(cast, tree):
    kept = known(tree, unit="dipu")
    absorbed = known(tree, unit="dipu", number=NUMBER)
    Cadre.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    assert counts(run(cast.county, row(身份证号=NUMBER, 单位="递铺街道"))) == (1, 0, 0, 1)


def test_chunks_ask_a_fixed_number_of_questions(cast, tree, django_assert_num_queries):
    for name in ("甲", "乙", "丙"):
        known(tree, name=name)
    judge = kind_of("cadres").judge(cast.county)
    for names in (("甲",), ("乙", "丙", "丁")):
        rows = [
            Staged(0, at, {"name": name, "birth_month": "1985-07", "unit": tree.shangshu.pk})
            for at, name in enumerate(names)
        ]
        with django_assert_num_queries(5):
            judge.judge(rows)
