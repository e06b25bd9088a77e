"""No number of a person survives in free text, and no other number suffers."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.masking import masked

WIDE = str.maketrans("0123456789-Xx", "０１２３４５６７８９－Ｘｘ")
AROUND = st.sampled_from(
    ["", "电话", "联系户主，", "（", "号：", "共12户 ", "2026年", "，", "转告"]
)
GAPS = st.sampled_from([" ", "-", "－", "\u3000", "—", "\u00a0"])
BIRTHDAYS = st.dates(dt.date(1930, 1, 1), dt.date(2025, 12, 31))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def mobiles(draw) -> str:
    return "1" + draw(st.sampled_from("3456789")) + draw(digits(9))


@st.composite
def written(draw, number: str, groupings: list[tuple[int, ...]]) -> str:
    """A number as people type it: in groups or in one, in digits of either width."""
    gap, parts, at = draw(GAPS), [], 0
    for size in draw(st.sampled_from(groupings)):
        parts.append(number[at : at + size])
        at += size
    text = gap.join(parts)
    return text.translate(WIDE) if draw(st.booleans()) else text


PHONE = [(11,), (3, 4, 4), (3, 8), (3, 3, 5), (1, 1, 1, 4, 4), (1,) * 11]
IDENTITY = [(18,), (6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (3, 3, 4, 4, 4), (1,) * 18]


def left(text: str) -> str:
    """The longest run of digits, grouped or not, that the text still shows."""
    runs = re.findall(r"(?:\d[ \-－—\u3000\u00a0]{0,3})+", text)
    return max((re.sub(r"\D", "", run) for run in runs), key=len, default="")


@given(st.data(), mobiles(), AROUND, st.sampled_from(["", "，谢谢", "。", "转3", "（王）"]))
def test_no_telephone_number_survives(data, number, before, after):
    text = data.draw(written(number, PHONE))
    kept = masked(before + text + after)
    assert len(left(kept.removeprefix(before))) <= 5
    assert kept.startswith(before)
    assert kept.endswith(after)
    assert "******" in kept


@given(st.data(), digits(6), BIRTHDAYS, digits(3), st.sampled_from("0123456789Xx"), AROUND)
def test_no_id_number_survives(data, area, born, order, check, before):
    number = "3" + area[1:] + f"{born:%Y%m%d}" + order + check
    text = data.draw(written(number, IDENTITY))
    kept = masked(before + text + "。")
    assert kept.count("*") == 13
    assert kept.startswith(before)


@given(digits(5), st.dates(dt.date(1930, 1, 1), dt.date(1999, 12, 31)), digits(3))
def test_no_id_number_of_the_first_generation_survives(area, born, order):
    assert masked(f"3{area}{born:%y%m%d}{order}").count("*") == 10


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("13812345678", "138******78"),
        ("电话１３８１２３４５６７８。", "电话１３８******７８。"),
        ("138 1234 5678或138－1234－5678", "138******78或138******78"),
        ("1 3 8-1234-5678", "138******78"),
        ("138.1234.5678", "138******78"),
        ("+86 138 1234 5678", "138******78"),
        ("0086-13812345678", "138******78"),
        ("微信wx13812345678", "微信wx138******78"),
        ("330523199001011234", "330*************34"),
        ("330523 19900101 123Ｘ", "330*************3Ｘ"),
        ("330523900101123", "330**********23"),
        ("0572-1234567", "057******67"),
        ("（0571）8800 1234", "057*******34"),
        ("05721234567", "057******67"),
    ],
)
def test_a_number_keeps_its_ends(text, kept):
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月23日", "2026-11-23 15:30", "2026.11.23-2026.12.01", "20261123-20261201",
        "〔2026〕12号", "浙政办〔2026〕138号", "1,380,012,345.67元", "12345678元",
        "面积1380.5平方米，林地2000.25亩", "1500 2000 300", "150 20 30 40 50",
        "1 3 5 7 9 11 13 15", "3.0572 1234567", "0301-20261123", "13-5 2026-11-23",
        "第138次，1234户", "编号AB13812345", "合计1234567890元", "1985.07", "330523205204",
    ],
)  # fmt: skip
def test_other_numbers_stay(text):
    assert masked(text) == text
    assert masked(text.translate(WIDE)) == text.translate(WIDE)


AMOUNTS = st.integers(0, 9_999_999_999)


@given(
    AMOUNTS, st.sampled_from(["元", "户", "亩", "平方米", "人次", "号", "%"]), st.integers(0, 99)
)
@example(1_380_012_345, "元", 67)
def test_amounts_stay(amount, of, cents):
    for text in (f"{amount}{of}", f"{amount:,}.{cents:02}{of}", f"共{amount}.{cents:02}{of}"):
        assert masked(text) == text


@given(st.dates(dt.date(1949, 10, 1), dt.date(2100, 1, 1)), st.times())
def test_days_and_hours_stay(day, hour):
    moment = dt.datetime.combine(day, hour)
    for form in ("%Y年%m月%d日", "%Y-%m-%d %H:%M", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%Y%m%d %H%M"):
        text = moment.strftime(form)
        assert masked(text) == text


@given(st.text("0123456789 -.·*Xx１８－　王家号+()", max_size=60))
def test_what_is_masked_is_masked_for_good_and_never_longer(text):
    once = masked(text)
    assert masked(once) == once
    assert len(once) <= len(text)
