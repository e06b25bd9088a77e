"""Names within the ZIP, as Windows takes them."""

from __future__ import annotations

import pytest

from handbooks.packing import Names


def test_homonyms_are_numbered_each_in_its_unit():
    names = Names()
    found = [names.of("上墅乡", "褚师傅", "马徒弟") for _ in range(3)]
    found.append(names.of("递铺街道", "褚师傅", "马徒弟"))
    assert found == [
        "上墅乡/帮带手册_褚师傅_马徒弟.pdf",
        "上墅乡/帮带手册_褚师傅_马徒弟_2.pdf",
        "上墅乡/帮带手册_褚师傅_马徒弟_3.pdf",
        "递铺街道/帮带手册_褚师傅_马徒弟.pdf",
    ]


def test_a_name_that_looks_like_a_numbered_one_is_not_overwritten():
    names = Names()
    found = {names.of("乡", "甲", mentee) for mentee in ("乙", "乙_2", "乙", "乙")}
    assert len(found) == 4


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc", "_.._etc"),
        ("C:\\甲", "C__甲"),
        ('甲<>:"/\\|?*乙', "甲_________乙"),
        ("甲\n乙\u202e", "甲_乙_"),
        ("甲. . ", "甲"),
        ("...", "_"),
        ("长" * 90, "长" * 60),
    ],
)
def test_what_windows_refuses_is_replaced(given, kept):
    assert Names().of(given, "甲", "乙") == f"{kept}/帮带手册_甲_乙.pdf"


def test_names_that_differ_by_case_or_width_alone_do_not_meet():
    names = Names()
    found = [names.of("乡", mentor, "乙") for mentor in ("Li", "LI", "Ｌｉ")]
    assert [name.rsplit("_", 1)[-1] for name in found] == ["乙.pdf", "2.pdf", "3.pdf"]
