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
from tests.pairings.pair_rosters import DOUBT, NEW, SAME, WRONG, judged, row, run

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
    told = run(cast.county, row(**{"期限（月）": 24, "结对方式": "双向选择", "备注": "政治导师"}))
    assert (told.faults, told.outcomes) == ([], [NEW])
    pairing = made()
    kept = {
        "mentor": pair[0], "mentor_cadre": pair[0].cadre, "mentee": pair[1], "method": "mutual",
        "from_on": FIRST, "to_on": dt.date(2028, 2, 29), "state": State.ACTIVE, "policy": None,
        "unit": tree.shangshu, "county": tree.anji, "city": tree.city, "created_by": cast.county,
        "remark": "政治导师",
    }  # fmt: skip
    assert {name: getattr(pairing, name) for name in kept} == kept


def test_its_history_is_the_one_that_the_verbs_would_write(cast, tree, pair):
    run(cast.county, row())
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅"))
    other = make_cadre(unit=tree.shangshu, name="钱徒弟", birth_month="1999-01")
    by_hand = register(mentor, other, by=cast.county, from_on=FIRST, to_on=None, method="assigned")
    for verb in ("confirm_mentor", "confirm_mentee", "approve"):
        by_hand.move(verb, by=cast.county, on=FIRST)
    columns = ("verb", "from_state", "to_state", "is_on_behalf", "actor")
    imported = Pairing.objects.get(mentor=pair[0])
    assert list(imported.events.values_list(*columns)) == list(by_hand.events.values_list(*columns))
    assert set(imported.events.values_list("on", "reason")) == {(FIRST, "按组织部门现有名册补录")}
    stood = Pairing.objects.filter(pk=imported.pk).with_state_on
    assert stood(FIRST).get().state_on == State.ACTIVE
    assert stood(FIRST - dt.timedelta(1)).get().state_on is None


def test_the_same_rows_again_change_nothing(cast, pair):
    run(cast.county, row())
    again = run(cast.county, row())
    assert (again.outcomes, again.effects) == ([SAME], {})
    assert (Pairing.objects.filter(mentee=pair[1]).count(), made().events.count()) == (1, 4)


def test_a_pair_that_has_ended_since_is_not_taken_over_again(cast, pair):
    ended = dt.date(2026, 5, 31)
    make_pairing(mentor=pair[0], mentee=pair[1], state=State.COMPLETED, ended_on=ended)
    assert judged(cast.county, row()).outcomes == [SAME]
    assert judged(cast.county, row(开始日期="2026-06-01")).outcomes == [NEW]


def test_what_the_register_says_otherwise_is_told_and_not_changed(cast, pair):
    pairing = make_pairing(mentor=pair[0], mentee=pair[1])
    told = run(cast.county, row(开始日期="2026-06-01", **{"期限（月）": 36}))
    assert (told.outcomes, told.effects) == ([SAME], {})
    assert told.faults == [
        (2, "开始日期", "已登记，从 2026-03-01 开始；名册不改动开始日期。"),
        (2, "期限（月）", "库中到期日是 2027-02-28；要改期限，请在该结对中办理延期。"),
    ]
    before = (pairing.from_on, pairing.to_on)
    pairing.refresh_from_db()
    assert (pairing.from_on, pairing.to_on) == before


def test_a_blank_term_is_the_rules_and_a_long_one_has_no_end(cast, tree, pair):
    Policy.objects.create(
        unit=tree.anji, from_on=dt.date(2020, 1, 1), basis="某文件", term_months=36
    )
    run(cast.county, row())
    assert (made().to_on, made().policy.basis) == (dt.date(2029, 2, 28), "某文件")
    make_cadre(unit=tree.shangshu, name="钱徒弟", birth_month="1999-01")
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅"))
    run(cast.county, row(导师姓名="吴师傅", 帮带对象姓名="钱徒弟", **{"期限（月）": "长期"}))
    assert Pairing.objects.get(mentor__cadre__name="吴师傅").to_on is None


def test_a_term_that_is_over_leaves_the_pair_active(cast, pair):
    run(cast.county, row(开始日期="2020.1.1", **{"期限（月）": "12"}))
    assert (made().state, made().to_on) == (State.ACTIVE, dt.date(2020, 12, 31))


def test_each_row_tells_its_own_fault_and_the_good_ones_are_taken(cast, tree, pair):
    told = run(
        cast.county,
        row(),
        row(帮带对象姓名="无此人"),
        row(开始日期="2026.03", 导师单位="某地"),
        row(),
    )
    assert told.faults == [
        (3, "帮带对象姓名", "上墅乡的干部库中没有无此人，请先导入此人。"),
        (4, "开始日期", "日期不完整，请写明年月日，如 2026-03-01。"),
        (4, "导师单位", "您管理的单位中没有「某地」。"),
        (5, "帮带对象姓名", "与第 2 行是同一对。"),
    ]
    assert told.outcomes == [NEW, WRONG, WRONG, WRONG]
    assert PairingEvent.objects.filter(verb="approve").count() == 1


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
        (
            {"导师身份证号": NUMBER, "导师出生年月": "1970.01"},
            "导师出生年月",
            "出生年月与身份证号不符。",
        ),
    ],
)  # fmt: skip
def test_each_column_has_its_sentence(cast, pair, cells, column, message):
    assert judged(cast.county, row(**cells)).faults == [(2, column, message)]


def test_nobody_takes_over_a_pair_of_their_own(cast, pair):
    pair[0].cadre.user = cast.county
    pair[0].cadre.save()
    assert judged(cast.county, row()).faults == [
        (2, "帮带对象姓名", "本人参与的结对应由他人办理。")
    ]


def test_a_mentor_whose_appointment_has_ended_and_a_person_who_left_are_refused(cast, pair):
    pair[1].leave(on=dt.date(2026, 2, 1), reason="调离")
    assert judged(cast.county, row()).faults == [(2, "帮带对象姓名", "此人已离开干部库。")]
    pair[0].cadre.leave(on=dt.date(2026, 2, 1), reason="调离")
    assert judged(cast.county, row()).faults[0] == (2, "导师姓名", "此人已离开干部库。")


def test_a_chunk_of_rows_has_a_fixed_number_of_queries(cast, tree, pair, django_assert_num_queries):
    for name in ("甲某", "乙某"):
        make_cadre(unit=tree.shangshu, name=name)
    for rows in ([row()], [row(), row(帮带对象姓名="甲某"), row(帮带对象姓名="乙某")]):
        fresh = type(cast.county).objects.get(pk=cast.county.pk)
        with django_assert_num_queries(8):
            assert set(judged(fresh, *rows).outcomes) == {NEW}


def test_a_doubt_is_no_good_row(cast, tree, pair):
    make_cadre(unit=tree.shangshu, name="郑徒弟", birth_month="1999-05")
    told = run(cast.county, row())
    assert (told.outcomes, told.effects) == ([DOUBT], {})
    assert not Pairing.objects.filter(mentee__name="郑徒弟").exists()


class TestTheRoleOfTheMentor:
    def test_is_the_lead_where_the_column_is_empty(self, cast, pair):
        run(cast.county, row())
        assert made().role == "lead"

    @pytest.mark.parametrize(
        ("word", "role"),
        [("政治导师", "political"), ("业务导师", "work"), ("生活导师", "life"), ("主导师", "lead")],
    )
    def test_is_read_in_the_words_of_offices(self, cast, pair, word, role):
        run(cast.county, row(导师角色=word))
        assert made().role == role

    def test_is_no_substitute_by_a_roster(self, cast, pair):
        assert judged(cast.county, row(导师角色="代帮导师")).faults == [
            (2, "导师角色", "代帮须在原结对页面办理，不能由名册导入。")
        ]

    def test_a_second_lead_mentor_of_the_register_is_wrong(self, cast, tree, pair):
        other = make_mentor(cadre=make_cadre(unit=tree.dipu, name="吴师傅"))
        make_pairing(mentor=other, mentee=pair[1], from_on=dt.date(2025, 1, 1))
        told = judged(cast.county, row(), row(导师角色="生活导师"))
        sentence = (
            "该帮带对象此时已有主导师：吴师傅（自2025-01-01起）。请改填其他角色，"
            "或在原结对中办理换师。"
        )
        assert told.faults[0] == (2, "导师角色", sentence)
        assert told.outcomes[0] == WRONG
        assert judged(cast.county, row(导师角色="生活导师")).outcomes == [NEW]

    def test_a_second_lead_mentor_of_the_file_is_wrong(self, cast, tree, pair):
        make_mentor(cadre=make_cadre(unit=tree.shangshu, name="吴师傅"))
        told = judged(cast.county, row(), row(导师姓名="吴师傅"))
        assert told.outcomes == [NEW, WRONG]
        assert told.faults == [(3, "导师角色", "第2行已为同一帮带对象登记另一位主导师。")]

    def test_another_word_than_the_registers_is_a_note(self, cast, pair):
        run(cast.county, row())
        again = judged(cast.county, row(导师角色="生活导师"))
        assert again.outcomes == [SAME]
        assert again.faults == [(2, "导师角色", "库中该导师为主导师，名册不作更改。")]
