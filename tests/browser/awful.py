"""A workbook as an office has it: titles, headings in two rows, one column for unit and post,
a heading that nobody else uses, ID numbers ruined by Excel, months that cannot be. All invented."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from openpyxl.styles import Font

from tests.cadres.sheets import id_number

GROUPS = (
    "序号", "同志", "性别", "哪年哪月生", "民族", "身份证号码", "政治面貌", "学历", "",
    "参加工作时间", "单位及职务", "人员类别", "联系电话", "备注",
)  # fmt: skip
BELOW = ("", "", "", "", "", "", "", "全日制教育", "在职教育", "", "", "", "", "")
BIRTH, NUMBER, POST = (
    GROUPS.index(name) + 1 for name in ("哪年哪月生", "身份证号码", "单位及职务")
)
FIRST = 5  # row of the first person
RUINED = 3.30523e17
WRONG = ((FIRST + 1, NUMBER), (FIRST + 2, BIRTH), (FIRST + 3, POST))
ZHOU, QIAN = id_number(born="19850703"), id_number(born="19900115", order="246")
PEOPLE: tuple[tuple[Any, ...], ...] = (
    (1, "周全", "男", "1985.07", "汉", ZHOU, "党员", "本科", "", "2008.08",
     "上墅乡人民政府党委委员", "行政", "13812345678", ""),
    (2, "钱　小云", "女", "1990年1月", "汉族", RUINED, "中共党员", "大专", "本科", "2012-08",
     "上墅乡人民政府科员", "行政", "", "借调"),
    (3, "孙立", "男", "1988年13月", "汉", "", "群众", "本科", "", "2010.07",
     "刘家塘村村委会主任", "村(社)干部", "", ""),
    (4, "李明", "男", "１９９２．０３", "汉", "", "共青团员", "硕士", "", "2017.07",
     "某某镇镇长助理", "行政", "", ""),
    (5, "阿依古丽•买买提", "女", "1999.01", "维吾尔", "", "共青团员", "硕士", "", "2023.07",
     "刘家塘村村委会委员", "村(社)干部", "", ""),
)  # fmt: skip


def workbook() -> bytes:
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "干部花名册"
    sheet.append(["安吉县上墅乡干部花名册"])
    sheet.append(["填报单位：上墅乡组织办", *[None] * 8, "截至日期：2026年10月31日"])
    sheet.append(GROUPS)
    sheet.append(BELOW)
    for line in PEOPLE:
        sheet.append([None if cell == "" else cell for cell in line])
    sheet.append(["合计", 5])
    sheet.append(["填表人：王某", *[None] * 5, "审核人：赵某"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(GROUPS))
    sheet.merge_cells(start_row=3, end_row=3, start_column=8, end_column=9)
    for at in (*range(1, 8), *range(10, len(GROUPS) + 1)):
        sheet.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
    sheet["A1"].font = Font(name="黑体", size=18)
    return saved(book)


def corrected(content: bytes) -> bytes:
    """What the office makes of the workbook that came back."""
    book: Any = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    sheet.cell(FIRST + 1, NUMBER).value = QIAN
    sheet.cell(FIRST + 2, BIRTH).value = "1988年12月"
    sheet.cell(FIRST + 3, POST).value = "上墅乡人民政府科员"
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
