"""What is wrong with a row is said with row and column; then nothing at all is saved."""

from __future__ import annotations

import csv

import pytest

from cadres.models import Cadre
from tests.cadres.sheets import id_number
from tests.factories import make_cadre, make_mentor, make_unit
from tests.mentors.rosters import counts, faults, row, run
from tests.test_house_rules import ROOT

with (ROOT / "data" / "codes.csv").open(encoding="utf-8") as file:
    CODES = list(csv.DictReader(file))


def names(table: str) -> str:
    return "、".join(code["name"] for code in CODES if code["table"] == table)


EDUCATIONS = names("education")
PARTIES = names("political_status")
STAFFINGS = names("staffing")
MENTORS = "20年工作经验的老乡镇、德高望重的老支书、兴村（治社）名师、乡村振兴优秀带头人、其他"
MENTEES = (
    "走出校门新进机关的乡镇干部、新当书记、新进班子的村社干部、一线墩苗实践历练的年轻干部、"
    "交流任职、下派基层的机关干部、其他"
)
ETHNIC = names("ethnicity")
NO_MONTH = "不是年月，请写成 1985.07 的样子。"
NO_AGE = "按此推算，年龄小于 16 岁或大于 100 岁。"
NO_PHONE = "不是电话号码：应为1开头的11位手机号，或固定电话。"
NO_WORK = "参加工作时间应晚于出生年月，且不晚于本月。"
RUINED = "身份证号已变成数字格式，末几位已丢失。请将单元格设为文本格式后重新填写。"
OTHER_MONTH = "出生年月 1985.08 与身份证号不符（身份证号为 1985.07）。"
NO_JOINING = "入党时间应晚于出生年月，且不晚于本月。"
NO_MEMBER = "政治面貌不是中共党员或预备党员，不应填写入党时间。"
NO_PLACES = "只有导师才有帮带名额，请同时填写导师类型。"
NUMBER = id_number()


def unknown(written: str, words: str) -> str:
    return f"「{written}」不在可选范围内，可选：{words}。"


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"姓名": None}, "姓名", "此列必填。"),
        ({"性别": None}, "性别", "此列必填。"),
        ({"出生年月": None}, "出生年月", "此列必填。"),
        ({"单位": None}, "单位", "此列必填。"),
        ({"姓名": '=HYPERLINK("x","王")'}, "姓名", "这不是姓名。"),
        ({"姓名": "王" * 101}, "姓名", "最多 100 个字。"),
        ({"性别": "先生"}, "性别", unknown("先生", "男、女")),
        ({"出生年月": "不详"}, "出生年月", NO_MONTH),
        ({"出生年月": "2015.01"}, "出生年月", NO_AGE),
        ({"出生年月": "1905.01"}, "出生年月", NO_AGE),
        ({"身份证号": "3.30523E+17"}, "身份证号", RUINED),
        ({"身份证号": NUMBER, "出生年月": "1985.08"}, "出生年月", OTHER_MONTH),
        ({"身份证号": NUMBER, "性别": "女"}, "性别", "性别与身份证号不符。"),
        ({"民族": "无"}, "民族", unknown("无", ETHNIC)),
        ({"政治面貌": "积极分子"}, "政治面貌", unknown("积极分子", PARTIES)),
        ({"全日制学历": "大专在读"}, "全日制学历", unknown("大专在读", EDUCATIONS)),
        ({"在职学历": "函授"}, "在职学历", unknown("函授", EDUCATIONS)),
        ({"参加工作时间": "1980.01"}, "参加工作时间", NO_WORK),
        ({"参加工作时间": "2099.01"}, "参加工作时间", NO_WORK),
        ({"入党时间": "1985.07"}, "入党时间", NO_JOINING),
        ({"入党时间": "2099.01"}, "入党时间", NO_JOINING),
        ({"政治面貌": "群众", "入党时间": "2005.07"}, "入党时间", NO_MEMBER),
        ({"单位": "没有的单位"}, "单位", "您管理的单位中没有「没有的单位」。"),
        ({"职务": "长" * 201}, "职务", "最多 200 个字。"),
        ({"人员类别": "其他"}, "人员类别", unknown("其他", STAFFINGS)),
        ({"手机号": "1380000"}, "手机号", NO_PHONE),
        ({"手机号": "138000000001"}, "手机号", NO_PHONE),
        ({"导师类型": "名师"}, "导师类型", unknown("名师", MENTORS)),
        ({"导师类型": "其他", "帮带名额": "两"}, "帮带名额", "应填 0 至 99 的整数。"),
        ({"帮带名额": 2}, "帮带名额", NO_PLACES),
        ({"帮带对象类别": "新人"}, "帮带对象类别", unknown("新人", MENTEES)),
    ],
)
def test_each_column_has_its_sentence(cast, cells, column, message):
    before = Cadre.objects.count()
    report = run(cast.county, row(**cells), row(姓名="李小红"))
    assert faults(report) == [(2, column, message)]
    assert counts(report) == (2, 0, 0, 0)
    assert Cadre.objects.count() == before


def test_all_faults_are_told_at_once_in_the_order_of_the_sheet(cast):
    report = run(
        cast.county,
        row(单位="没有的单位"),
        row(姓名="李小红", 单位="某地", 性别="先生", 导师类型="名师", 出生年月="不详"),
        row(姓名="赵六", 单位="德清县"),
    )
    assert [(fault[0], fault[1]) for fault in faults(report)] == [
        (2, "单位"), (3, "性别"), (3, "出生年月"), (3, "单位"), (3, "导师类型"), (4, "单位"),
    ]  # fmt: skip


def test_a_unit_of_another_county_is_not_told_apart_from_none(cast, tree):
    sentences = [
        faults(run(cast.county, row(单位=written)))[0][2].replace(written, "X")
        for written in ("禹越镇", "330521113000", "德清县/禹越镇", "没有的镇")
    ]
    assert sentences == ["您管理的单位中没有「X」。"] * 4


def test_an_ambiguous_unit_lists_the_paths_and_a_path_or_a_code_settles_it(cast, tree):
    make_unit(name="刘家塘村", kind="village", code="330523001204", parent=tree.dipu)
    make_unit(name="刘家塘村", kind="village", code="330521113204", parent=tree.yuyue)
    assert faults(run(cast.county, row(单位="刘家塘村"))) == [
        (
            2,
            "单位",
            "有 2 个单位叫「刘家塘村」，请写明上级，选其一："
            "安吉县/上墅乡/刘家塘村、安吉县/递铺街道/刘家塘村。",
        ),
    ]
    settled = [
        row(单位="上墅乡/刘家塘村"),
        row(姓名="甲", 单位="湖州市／安吉县／递铺街道／刘家塘村"),
        row(姓名="乙", 单位=330523205204),
    ]
    assert counts(run(cast.county, *settled)) == (3, 3, 0, 0)
    found = Cadre.objects.filter(name__in=["王小明", "甲", "乙"])
    assert {cadre.name: cadre.unit.code for cadre in found} == {
        "王小明": "330523205204", "甲": "330523001204", "乙": "330523205204",
    }  # fmt: skip


def test_a_township_imports_into_its_own_units_alone(cast, tree):
    assert counts(run(cast.township, row(单位="刘家塘村"))) == (1, 1, 0, 0)
    assert faults(run(cast.township, row(姓名="甲", 单位="递铺街道"))) == [
        (2, "单位", "您管理的单位中没有「递铺街道」。")
    ]


def test_an_appointment_is_not_ended_by_a_roster(cast, tree):
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="王小明", birth_month="1985-07"))
    assert faults(run(cast.county, row(导师类型="无"))) == [
        (2, "导师类型", "此人在导师库中。解除聘任请在导师库中办理，不能用花名册。")
    ]
