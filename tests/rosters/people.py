"""A kind of roster with columns alone: what reading needs, without a register behind it."""

from __future__ import annotations

from typing import Any

from rosters.headings import propose
from rosters.kinds import Cell, Column
from rosters.rows import read_rows


class People:
    code = "people"
    columns = (
        Column("name", "姓名", True, ("名字", "干部姓名")),
        Column("gender", "性别", True),
        Column("birth_month", "出生年月", True, ("出生日期", "出生时间", "出生年月(岁)")),
        Column("ethnicity", "民族"),
        Column(
            "id_number", "身份证号", aliases=("身份证号码", "公民身份号码"),
            covers=("birth_month", "gender"),
        ),
        Column("education", "全日制学历", aliases=("全日制教育", "全日制教育学历学位")),
        Column("later_education", "在职学历", aliases=("在职教育", "在职教育学历学位")),
        Column("work_month", "参加工作时间", aliases=("参工时间",)),
        Column("unit", "单位", True, ("工作单位", "所在单位")),
        Column("title", "职务", aliases=("现任职务",)),
        Column(
            "unit_and_title", "单位及职务", aliases=("工作单位及职务",), covers=("unit", "title")
        ),
        Column("phone", "手机号", aliases=("手机", "联系电话")),
    )  # fmt: skip


KIND: Any = People()
HEAD = ("姓名", "性别", "出生年月", "单位")
WANG = ("王小明", "男", "1985.07", "某镇")
LI = ("李小红", "女", "1990.01", "某镇")


def as_read(row: tuple[str, ...]) -> dict[str, Cell]:
    return dict(zip(("name", "gender", "birth_month", "unit"), row, strict=True))


def read(content: bytes, unit: Any) -> list[tuple[int, int, dict[str, Cell]]]:
    """With the columns as they are proposed."""
    return list(read_rows(content, propose(content, KIND, unit)))


def fields(mapping: dict[str, Any], at: int = 0) -> dict[str, str]:
    """The columns of a sheet that are read: fields by heading."""
    columns = mapping["sheets"][at]["columns"]
    return {column["heading"]: column["field"] for column in columns if column["field"]}
