"""Names are read as pypinyin reads them, and quickly."""

from __future__ import annotations

import random

from pypinyin import Style, lazy_pinyin

from cadres import pinyin
from tests.factories import make_cadre

_CHARACTERS = "王李张单曾解仇重长行乐石银伟芳会朝都海燕华平中国大小明"


def test_characters_one_by_one_give_what_the_whole_name_gives():
    chance = random.Random(2004)  # noqa: S311
    names = ["".join(chance.choices(_CHARACTERS, k=chance.randint(1, 4))) for _ in range(3000)]
    for name in [*names, "Li明", "㛃𬱖", "买买提吐尔逊", "A"]:
        whole = lazy_pinyin(name, style=Style.NORMAL, errors="default")
        assert (name, pinyin._syllables(name)) == (name, whole)


def test_a_surname_has_its_own_reading_each_time_it_is_asked():
    assert pinyin.keys("单小明") == ("shanxiaoming", "sxm")
    assert pinyin.keys("小单") == ("xiaodan", "xd")
    assert pinyin.keys("单") == ("shan", "s")
    assert pinyin.keys("大单") == ("dadan", "dd")


def test_the_longest_name_is_saved_with_as_much_of_its_reading_as_is_kept(tree):
    cadre = make_cadre(unit=tree.dipu, name="双" * 100)
    cadre.refresh_from_db()
    assert (cadre.pinyin, cadre.initials) == ("shuang" * 50, "s" * 100)
