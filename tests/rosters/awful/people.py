"""People for the corpus: all invented, ID numbers with a right check digit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from tests.cadres.sheets import id_number

_FAMILY, _GIVEN = "赵钱孙李周吴郑王冯陈", "安邦定国兴业永年嘉禾"
TOWN, OTHER = "上墅乡", "递铺街道"


class Person(NamedTuple):
    name: str
    gender: str
    month: str  # 1985.07
    number: str

    @property
    def row(self) -> tuple[str, str, str, str]:
        """As HEAD says."""
        return self.name, self.gender, self.month, TOWN


HEAD = ("姓名", "性别", "出生年月", "单位")


def people(many: int) -> list[Person]:
    found = []
    for at in range(many):
        year, month = 1965 + at * 7 % 35, at * 5 % 12 + 1
        number = id_number(born=f"{year}{month:02}15", order=f"{100 + at:03}")
        name = _FAMILY[at % 10] + _GIVEN[at * 3 % 10] + ("" if at % 4 else _GIVEN[at * 7 % 10])
        found.append(Person(name, "男" if at % 2 else "女", f"{year}.{month:02}", number))
    return found


def numbered(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """With 序号 in front."""
    return [[number, *row] for number, row in zip(count(1), rows, strict=False)]
