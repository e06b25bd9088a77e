"""The empty roster as a workbook: title, unit and cut-off day, header, pick-lists, footer.

Filled in and sent back it is read without a change; the explanations stand in the cells' notes
and on a sheet of their own, so that no example row is imported by mistake.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from rosters.kinds import Column

HEADER_ROW = 2  # from 0: below the title and the line of unit and day
_PREPARED = 60  # bordered rows above the footer
_LISTED = 5_000  # rows that have the pick-lists and the text format
_RED = "#9B2C1F"


class Guide(NamedTuple):
    """How a column looks in the template, and what is said about it."""

    column: Column
    width: float
    note: str
    words: Sequence[str] = ()
    is_open_list: bool = False  # other words than those of the list may be written


def workbook(*, title: str, unit: str, today: dt.date, guides: Sequence[Guide]) -> bytes:
    """The .xlsx as bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    formats = _formats(book)
    sheet = book.add_worksheet("花名册")
    explained = book.add_worksheet("填表说明")
    lists = book.add_worksheet("选项")
    lists.hide()
    _head(sheet, formats, title, unit, today, guides)
    for at, guide in enumerate(guides):
        _column(sheet, lists, formats, at, guide)
    _body_and_footer(sheet, formats, len(guides))
    _set_up_print(sheet, len(guides))
    _explain(explained, formats, guides)
    book.close()
    return target.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    return {
        "title": book.add_format(
            {**base, "font_name": "黑体", "font_size": 18, "bold": True, "align": "center"}
        ),
        "line": book.add_format({**base, "align": "left"}),
        "head": book.add_format(
            {**base, "bold": True, "align": "center", "border": 1, "text_wrap": True,
             "bg_color": "#EFE9E1"}
        ),
        "required": book.add_format(
            {**base, "bold": True, "align": "center", "border": 1, "text_wrap": True,
             "bg_color": "#EFE9E1", "font_color": _RED}
        ),
        "text": book.add_format({**base, "num_format": "@"}),
        "cell": book.add_format({**base, "num_format": "@", "border": 1, "text_wrap": True}),
    }  # fmt: skip


def _head(
    sheet: Any,
    formats: dict[str, Any],
    title: str,
    unit: str,
    today: dt.date,
    guides: Sequence[Guide],
) -> None:
    last = len(guides) - 1
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, last, title, formats["title"])
    line = f"填报单位：{unit}    截至日期：{today.year}年{today.month}月{today.day}日"
    sheet.set_row(1, 22)
    sheet.merge_range(1, 0, 1, last, f"{line}    （标 * 的列必填）", formats["line"])
    sheet.set_row(HEADER_ROW, 32)
    for at, guide in enumerate(guides):
        mark = "*" if guide.column.is_required else ""
        style = formats["required" if guide.column.is_required else "head"]
        sheet.write_string(HEADER_ROW, at, guide.column.name + mark, style)
        sheet.write_comment(
            HEADER_ROW, at, guide.note, {"author": "", "x_scale": 1.6, "font_size": 10}
        )
    sheet.freeze_panes(HEADER_ROW + 1, 1)


def _column(sheet: Any, lists: Any, formats: dict[str, Any], at: int, guide: Guide) -> None:
    """Width and text format for every cell (digits stay digits), and the pick-list."""
    sheet.set_column(at, at, guide.width, formats["text"])
    if not guide.words:
        return
    lists.write_column(0, at, list(guide.words))
    letter = xl_col_to_name(at)
    sheet.data_validation(
        HEADER_ROW + 1,
        at,
        HEADER_ROW + _LISTED,
        at,
        {
            "validate": "list",
            "source": f"=选项!${letter}$1:${letter}${len(guide.words)}",
            "show_error": not guide.is_open_list,
            "error_title": "请从下拉列表中选择",
            "error_message": guide.note[:255],
        },
    )


def _body_and_footer(sheet: Any, formats: dict[str, Any], width: int) -> None:
    for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + _PREPARED):
        for at in range(width):
            sheet.write_blank(row, at, None, formats["cell"])
    footer = HEADER_ROW + 1 + _PREPARED
    for at, words in ((0, "填表人："), (width // 3, "审核人："), (2 * width // 3, "联系电话：")):
        sheet.write_string(footer, at, words, formats["line"])


def _set_up_print(sheet: Any, width: int) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _explain(sheet: Any, formats: dict[str, Any], guides: Sequence[Guide]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 80)
    for at, words in enumerate(("列名", "必填", "怎样填写")):
        sheet.write_string(0, at, words, formats["head"])
    for row, guide in enumerate(guides, 1):
        sheet.write_string(row, 0, guide.column.name, formats["cell"])
        sheet.write_string(row, 1, "是" if guide.column.is_required else "", formats["cell"])
        sheet.write_string(row, 2, guide.note, formats["cell"])
    rules = (
        "每人一行；行数不够时，在“填表人”一行的上方插入行，或直接粘贴到下方。",
        "空白表示不填或保留库中原有内容；填“无”表示确实没有。",
        "系统逐行逐列说明错在哪里；确认之前不保存任何内容，可只导入无误的行，30日内可以撤销。",
    )
    for row, rule in enumerate(rules, len(guides) + 2):
        sheet.merge_range(row, 0, row, 2, rule, formats["line"])
