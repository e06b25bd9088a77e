"""What a cell means, and what is refused instead of guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres import cells
from tests.cadres.sheets import id_number

MORNING = dt.datetime(1985, 7, 3, 8, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def why(take, cell, **options) -> str:
    with pytest.raises(cells.Wrong) as caught:
        take(cell, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        "1985.07", "1985.7", "1985-07", "1985/7", "198507", "1985年7月", "１９８５．０７",
        "1985 . 07", "1985.07.03", "1985-07-03 00:00:00", "19850703", "1985年7月3日",
        "1985.07（41岁）", "31231", 31231.0, 198507.0, 1985.07, 1985.7,
        dt.date(1985, 7, 3), MORNING,
    ],
)  # fmt: skip
def test_a_month_is_read_in_every_way_it_is_written(written):
    assert cells.month(written) == "1985-07"


def test_a_number_that_lost_its_last_zero_is_asked_about():
    assert cells.month("1985.1") == "1985-01"
    assert why(cells.month, 1985.1) == (
        "「1985.1」分不清是1月还是10月，请改为文本格式，月份写两位数，如 1985.01 或 1985.10。"
    )


@pytest.mark.parametrize("written", ["1985", 1985.0, "1985.13", "八五年七月", "无", 7.0, "2008.00"])
def test_what_is_no_month_is_refused(written):
    assert why(cells.month, written) == "不是年月，请写成 1985.07 的样子。"


@pytest.mark.parametrize(
    "written",
    ["2026-03-01", "2026.3.1", "2026/3/1", "2026年3月1日", "20260301", "２０２６．３．１", 46082.0,
     "2026-03-01 00:00:00", dt.date(2026, 3, 1), FIRST],
)  # fmt: skip
def test_a_day_is_read_in_every_way_it_is_written(written):
    assert cells.day(written) == dt.date(2026, 3, 1)


@pytest.mark.parametrize("written", ["2026.03", "2026年3月", "2026-02-30", "三月一日"])
def test_no_day_is_made_up(written):
    assert why(cells.day, written) == "日期不完整，请写明年月日，如 2026-03-01。"


def test_an_id_number_is_verified_in_any_width():
    number = id_number()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert [cells.id_number(written) for written in (number, f" {number} ", wide)] == [number] * 3
    with_x = next(n for o in range(100, 200) if (n := id_number(order=str(o))).endswith("X"))
    assert cells.id_number(with_x.lower()) == with_x


RUINED = "身份证号已变成数字格式，末几位已丢失。请将单元格设为文本格式后重新填写。"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("3.30523E+17", RUINED),
        ("3.30523198507E17", RUINED),
        (3.30523198507031e17, RUINED),
        (330523198507031000, RUINED),
        ("330523850703123", "这是15位旧身份证号，请填18位身份证号。"),
        ("33052319850703", "身份证号应为18位，此处为 14 位。"),
        (
            id_number()[:17] + ("1" if id_number()[17] != "1" else "2"),
            "身份证号有误：校验码或出生日期不符。",
        ),
    ],
)
def test_a_ruined_or_wrong_id_number_is_said_and_not_repeated(written, sentence):
    assert why(cells.id_number, written) == sentence


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("王 小 明", "王小明"),
        ("　李四　", "李四"),
        ("古丽•买买提", "古丽·买买提"),
        ("阿卜杜拉 ‧ 卡德尔", "阿卜杜拉·卡德尔"),
        ("㛃𬱖𠮷", "㛃𬱖𠮷"),
        ("买" * 50, "买" * 50),
    ],
)
def test_names_come_to_one_form(written, name):
    assert cells.name(written) == name


@pytest.mark.parametrize("written", ['=HYPERLINK("a","王")', "王小明1", "@王", 12.0, "王/李"])
def test_what_is_no_name_is_refused(written):
    assert why(cells.name, written) == "这不是姓名。"


def test_a_failed_formula_is_said():
    assert why(cells.name, "#N/A") == "单元格中的公式出错，请直接填写内容。"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (13800000000.0, "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("0572-5123456", "0572-5123456"),
        ("5123456", "5123456"),
    ],
)
def test_phones_are_mobile_numbers_or_landlines(written, number):
    assert cells.phone(written) == number


@pytest.mark.parametrize(
    "written", ["1380000000", "23800000000", "13800000000/13900000000", "问他"]
)
def test_other_phones_are_refused(written):
    assert why(cells.phone, written) == "不是电话号码：应为1开头的11位手机号，或固定电话。"


def test_short_words_of_the_code_tables_are_known():
    words = {"汉": "01", "党员": "01", "村(社)干部": "village", "参公（转制）": "civil_like"}
    assert cells.word(" 党 员 ", words, shown=[]) == "01"
    assert cells.word("村（社）干部", words, shown=[]) == "village"
    assert cells.word("参公(转制)", words, shown=[]) == "civil_like"
    assert why(cells.word, "甲", words={"男": "1"}, shown=["男", "女"]) == (
        "「甲」不在可选范围内，可选：男、女。"
    )


def test_counts_are_whole_numbers_in_their_bounds():
    assert [cells.count(c, least=1, most=9) for c in (3.0, "３", "3人")] == [3, 3, 3]
    assert why(cells.count, 2.5, least=1, most=9) == "应填 1 至 9 的整数。"
    assert why(cells.count, "10", least=1, most=9) == "应填 1 至 9 的整数。"


def test_free_text_keeps_its_brackets_and_takes_plain_digits():
    assert cells.short("副书记（主持 工作）　２级", most=50) == "副书记（主持 工作） 2级"
