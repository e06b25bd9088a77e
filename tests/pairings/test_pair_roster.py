"""Pairs that an office has already: taken over as they are, once, with their history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from pairings.models import Pairing, PairingEvent, Policy
from pairings.registering import register
from pairings.states import State
from tests.cadres.sheets import id_number
from tests.factories import make_cadre, make_mentor, make_pairing
from tests.mentors.rosters import counts, faults
from tests.pairings.pair_rosters import row, run

FIRST = dt.date(2026, 3, 1)
NUMBER, OTHER = id_number(), id_number(order="345")


@pytest.fixture
def pair(cast, tree):
    """周师傅, a mentor, and 郑徒弟, not yet paired."""
    master = make_cadre(unit=tree.shangshu, name="周师傅", birth_month="1970-01")
    return (
        make_mentor(cadre=master),
        make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1998-01"),
    )


def made() -> Pairing:
    return Pairing.objects.get(mentee__name="郑徒弟")


def with_number(cadre, number: str):
    cadre.set_id_number(number)
    cadre.save()
    return cadre


def test_a_row_becomes_an_active_pair(cast, tree, pair):
    report = run(cast.county, row(**{"期限（月）": 24, "结对方式": "双向选择"}))
    assert (faults(report), counts(report)) == ([], (1, 1, 0, 0))
    pairing = made()
    kept = {
        "mentor": pair[0], "mentor_cadre": pair[0].cadre, "mentee": pair[1], "method": "mutual",
        "from_on": FIRST, "to_on": dt.date(2028, 2, 29), "state": State.ACTIVE, "policy": None,
        "unit": tree.shangshu, "county": tree.anji, "city": tree.city, "created_by": cast.county,
    }  # fmt: skip
    assert {name: getattr(pairing, name) for name in kept} == kept


def test_its_history_is_the_one_that_the_verbs_would_write(cast, tree, pair):
    run(cast.county, row())
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅"))
    by_hand = register(
        mentor, pair[1], by=cast.county, from_on=FIRST, to_on=None, method="assigned"
    )
    for verb in ("confirm_mentor", "confirm_mentee", "approve"):
        by_hand.move(verb, by=cast.county, on=FIRST)
    columns = ("verb", "from_state", "to_state", "is_on_behalf", "actor")
    imported = Pairing.objects.get(mentor=pair[0])
    assert list(imported.events.values_list(*columns)) == list(by_hand.events.values_list(*columns))
    assert set(imported.events.values_list("on", "reason")) == {(FIRST, "按组织部门现有名册补录")}
    stood = Pairing.objects.filter(pk=imported.pk).with_state_on
    assert stood(FIRST).get().state_on == State.ACTIVE
    assert stood(FIRST - dt.timedelta(1)).get().state_on is None


def test_the_same_file_again_changes_nothing(cast, pair):
    run(cast.county, row())
    assert counts(run(cast.county, row())) == (1, 0, 0, 1)
    assert (Pairing.objects.filter(mentee=pair[1]).count(), made().events.count()) == (1, 4)


def test_a_pair_that_has_ended_since_is_not_taken_over_again(cast, pair):
    make_pairing(mentor=pair[0], mentee=pair[1], state=State.COMPLETED)
    assert counts(run(cast.county, row())) == (1, 0, 0, 1)
    assert counts(run(cast.county, row(开始日期="2026-06-01"))) == (1, 1, 0, 0)


def test_a_blank_term_is_the_rules_and_a_long_one_has_no_end(cast, tree, pair):
    Policy.objects.create(
        unit=tree.anji, from_on=dt.date(2020, 1, 1), basis="某文件", term_months=36
    )
    run(cast.county, row())
    assert (made().to_on, made().policy.basis) == (dt.date(2029, 2, 28), "某文件")
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅"))
    run(cast.county, row(导师姓名="吴师傅", **{"期限（月）": "长期"}))
    assert Pairing.objects.get(mentor__cadre__name="吴师傅").to_on is None


def test_a_term_that_is_over_leaves_the_pair_active(cast, pair):
    run(cast.county, row(开始日期="2020.1.1", **{"期限（月）": "12"}))
    assert (made().state, made().to_on) == (State.ACTIVE, dt.date(2020, 12, 31))


def test_a_dry_run_saves_nothing(cast, pair):
    assert counts(run(cast.county, row(), is_dry=True)) == (1, 1, 0, 0)
    assert not Pairing.objects.filter(mentee=pair[1]).exists()


def test_homonyms_of_a_unit_are_asked_about_and_told_apart_by_id_number(cast, tree, pair):
    twin = make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    assert faults(run(cast.county, row())) == [
        (2, "帮带对象身份证号", "该单位有 2 人同名（出生年月：1998.01、1999.05），请填身份证号。")
    ]
    with_number(twin, NUMBER)
    assert counts(run(cast.county, row(帮带对象身份证号=NUMBER))) == (1, 1, 0, 0)
    assert made().mentee == twin


def test_an_id_number_that_is_nobodys_matches_only_who_could_have_it(cast, tree, pair):
    born = id_number(born="19980105")
    assert faults(run(cast.county, row(帮带对象身份证号=NUMBER))) == [
        (2, "帮带对象姓名", "上墅乡的干部库中没有郑徒弟，请先导入此人。")
    ]
    assert counts(run(cast.county, row(帮带对象身份证号=born), is_dry=True)) == (1, 1, 0, 0)
    with_number(pair[1], OTHER)
    assert faults(run(cast.county, row(帮带对象身份证号=born)))[0][1] == "帮带对象姓名"


def test_of_several_errors_nothing_is_saved(cast, tree, pair):
    report = run(
        cast.county,
        row(),
        row(帮带对象姓名="无此人"),
        row(开始日期="2026.03", 导师单位="某地"),
        row(),
    )
    assert faults(report) == [
        (3, "帮带对象姓名", "上墅乡的干部库中没有无此人，请先导入此人。"),
        (4, "导师单位", "您管理的单位中没有「某地」。"),
        (4, "开始日期", "日期不完整，请写明年月日，如 2026-03-01。"),
        (5, "帮带对象姓名", "与第 2 行是同一对。"),
    ]
    assert counts(report) == (4, 0, 0, 0)
    assert not Pairing.objects.filter(mentee=pair[1]).exists()
    assert not PairingEvent.objects.filter(verb="approve").exists()


TOMORROW = (timezone.localdate() + dt.timedelta(2)).isoformat()
RUINED = "身份证号已变成数字格式，末几位已丢失。请将单元格设为文本格式后重新填写。"
NOT_BEGUN = "开始日期在将来。尚未开始的结对请在“登记结对”中办理。"
METHODS = "双向选择、组织安排、双向选择与组织安排结合"


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"导师姓名": None}, "导师姓名", "此列必填。"),
        ({"导师单位": None}, "导师单位", "此列必填。"),
        ({"帮带对象姓名": None}, "帮带对象姓名", "此列必填。"),
        ({"帮带对象单位": None}, "帮带对象单位", "此列必填。"),
        ({"开始日期": None}, "开始日期", "此列必填。"),
        ({"导师姓名": "郑徒弟"}, "导师姓名", "此人不在导师库中（没有在任的导师聘任）。"),
        ({"导师单位": "德清县"}, "导师单位", "您管理的单位中没有「德清县」。"),
        ({"帮带对象单位": "禹越镇"}, "帮带对象单位", "您管理的单位中没有「禹越镇」。"),
        ({"帮带对象姓名": "周师傅"}, "帮带对象姓名", "导师和帮带对象不能是同一人。"),
        ({"导师身份证号": "3.3E+17"}, "导师身份证号", RUINED),
        ({"开始日期": TOMORROW}, "开始日期", NOT_BEGUN),
        ({"期限（月）": "一年"}, "期限（月）", "应填 1 至 600 的整数。"),
        ({"结对方式": "抽签"}, "结对方式", f"「抽签」不在可选范围内，可选：{METHODS}。"),
    ],
)  # fmt: skip
def test_each_column_has_its_sentence(cast, pair, cells, column, message):
    assert faults(run(cast.county, row(**cells))) == [(2, column, message)]


def test_people_of_another_county_are_not_found(cast, tree, pair):
    other = make_cadre(unit=tree.yuyue, name="钱某某", birth_month="1990-01")
    with_number(other, NUMBER)
    report = run(cast.county, row(帮带对象姓名="钱某某", 帮带对象身份证号=NUMBER))
    assert faults(report) == [(2, "帮带对象姓名", "上墅乡的干部库中没有钱某某，请先导入此人。")]
    assert "禹越" not in str(report)


def test_an_id_number_in_the_wrong_unit_or_under_another_name_is_asked_about(cast, pair):
    with_number(pair[1], NUMBER)
    wrong = row(帮带对象身份证号=NUMBER, 帮带对象单位="递铺街道")
    assert faults(run(cast.county, wrong)) == [(2, "帮带对象单位", "库中此人的单位是上墅乡。")]
    assert faults(run(cast.county, row(帮带对象身份证号=NUMBER, 帮带对象姓名="郑图弟"))) == [
        (2, "帮带对象姓名", "库中该身份证号登记的姓名是郑徒弟，请核对更正。")
    ]


def test_nobody_takes_over_a_pair_of_their_own(cast, pair):
    pair[0].cadre.user = cast.county
    pair[0].cadre.save()
    assert faults(run(cast.county, row())) == [(2, "帮带对象姓名", "本人参与的结对应由他人办理。")]


def test_a_mentor_whose_appointment_has_ended_and_a_person_who_left_are_refused(cast, pair):
    pair[1].leave(on=dt.date(2026, 2, 1), reason="调离")
    assert faults(run(cast.county, row())) == [(2, "帮带对象姓名", "此人已离开干部库。")]
    pair[0].move("end", on=dt.date(2026, 2, 1), reason="到龄", by=cast.county)
    assert faults(run(cast.county, row()))[0][1] == "导师姓名"
