"""Whom a row of a pair roster means: never by name alone, and asked where it is doubtful."""

from __future__ import annotations

import pytest

from pairings.models import Pairing
from tests.cadres.sheets import id_number
from tests.factories import make_cadre, make_mentor
from tests.pairings.pair_rosters import DOUBT, NEW, WRONG, judged, row, run

NUMBER, OTHER = id_number(), id_number(order="345")


@pytest.fixture
def pair(cast, tree):
    """周师傅, a mentor, and 郑徒弟, not yet paired."""
    master = make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1970-01")
    return (
        make_mentor(cadre=master),
        make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01"),
    )


def with_number(cadre, number: str):
    cadre.set_id_number(number)
    cadre.save()
    return cadre


def mentee() -> object:
    return Pairing.objects.get(mentee__name="郑徒弟").mentee


def test_homonyms_of_a_unit_are_asked_about_with_both_shown(cast, tree, pair):
    twin = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    [verdict] = judged(cast.county, row()).verdicts
    assert verdict.outcome == DOUBT
    assert [candidate["facts"] for candidate in verdict.candidates] == [
        [
            ["导师", "周师傅 · 上墅乡", f"周师傅 · {pair[0].cadre.told_apart}"],
            ["帮带对象", "郑徒弟 · 上墅乡", f"郑徒弟 · {cadre.told_apart}"],
        ]
        for cadre in (pair[1], twin)
    ]
    [doubt] = verdict.faults
    assert doubt["column"] == "mentee_name"
    assert all(cadre.told_apart in doubt["message"] for cadre in (pair[1], twin))
    told = run(cast.county, row(), answers={2: verdict.candidates[1]["id"]})
    assert (told.outcomes, mentee()) == ([NEW], twin)


def test_the_birth_month_tells_homonyms_apart(cast, tree, pair):
    twin = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    assert run(cast.county, row(帮带对象出生年月="1999.05")).outcomes == [NEW]
    assert mentee() == twin


def test_an_id_number_tells_homonyms_apart(cast, tree, pair):
    twin = with_number(make_cadre(unit=tree.shangshu, name="郑徒弟"), NUMBER)
    assert run(cast.county, row(帮带对象身份证号=NUMBER)).outcomes == [NEW]
    assert mentee() == twin


def test_somebody_of_this_name_in_another_unit_is_asked_about(cast, tree, pair):
    moved = row(帮带对象单位="递铺街道")
    [verdict] = judged(cast.county, moved).verdicts
    assert verdict.outcome == DOUBT
    [candidate] = verdict.candidates
    told = run(cast.county, moved, answers={2: candidate["id"]})
    assert (told.outcomes, mentee()) == ([NEW], pair[1])


def test_a_row_that_is_left_out_does_nothing(cast, tree, pair):
    told = run(cast.county, row(帮带对象单位="递铺街道"), answers={2: "skip"})
    assert (told.outcomes, told.effects) == (["skipped"], {})


def test_an_answer_that_fits_nobody_any_longer_is_asked_again(cast, tree, pair):
    make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    assert judged(cast.county, row(), answers={2: str(cast.pairing.pk)}).outcomes == [DOUBT]


def test_two_rows_answered_with_the_same_two_people_are_one_pair(cast, tree, pair):
    make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    [verdict] = judged(cast.county, row()).verdicts
    first = verdict.candidates[0]["id"]
    told = run(cast.county, row(), row(), answers={2: first, 3: first})
    assert told.outcomes == [NEW, WRONG]
    assert told.faults == [(3, "帮带对象姓名", "与第 2 行是同一对。")]


def test_an_id_number_that_is_nobodys_matches_only_who_could_have_it(cast, tree, pair):
    nobody = "上墅乡的干部库中没有郑徒弟，请先导入此人。"
    assert judged(cast.county, row(帮带对象身份证号=NUMBER)).faults == [(2, "帮带对象姓名", nobody)]
    born = id_number(born="19980105")
    assert judged(cast.county, row(帮带对象身份证号=born)).outcomes == [NEW]
    with_number(pair[1], OTHER)
    assert judged(cast.county, row(帮带对象身份证号=born)).faults[0][2] == nobody


def test_an_id_number_knows_the_person_in_whatever_unit(cast, pair):
    with_number(pair[1], NUMBER)
    assert run(cast.county, row(帮带对象身份证号=NUMBER, 帮带对象单位="递铺街道")).outcomes == [NEW]
    assert mentee() == pair[1]


def test_an_id_number_under_another_name_is_wrong(cast, pair):
    with_number(pair[1], NUMBER)
    assert judged(cast.county, row(帮带对象身份证号=NUMBER, 帮带对象姓名="郑图弟")).faults == [
        (2, "帮带对象姓名", "库中该身份证号登记的姓名是郑徒弟，请核对更正。")
    ]


def test_of_two_of_one_name_the_one_who_is_a_mentor_is_meant(cast, tree, pair):
    make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1988-08")
    assert judged(cast.county, row()).outcomes == [NEW]


def test_people_of_another_county_are_not_found_nor_asked_about(cast, tree, pair):
    other = make_cadre(unit=tree.yuyue, name="钱某某", birth_month="1990-01")
    with_number(other, NUMBER)
    told = judged(cast.county, row(帮带对象姓名="钱某某", 帮带对象身份证号=NUMBER))
    assert told.faults == [(2, "帮带对象姓名", "上墅乡的干部库中没有钱某某，请先导入此人。")]
    assert told.verdicts[0].candidates == []


def test_a_merged_record_is_followed(cast, tree, pair):
    absorbed = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01")
    type(absorbed).objects.filter(pk=absorbed.pk).update(merged_into=pair[1])
    assert run(cast.county, row()).outcomes == [NEW]
    assert mentee() == pair[1]
