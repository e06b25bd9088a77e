"""Example tables for a comparison: which mentor suits which category, and what mentees need.

示例规则，未核对原文. The categories and strengths are rows that offices change; a name that is
not found here counts as the middle, or as no need on record, and the reason says so.
"""

from __future__ import annotations

ELDER, SECRETARY, MASTER, LEADER = (
    "20年工作经验的老乡镇",
    "德高望重的老支书",
    "兴村（治社）名师",
    "乡村振兴优秀带头人",
)
NEWCOMER, VILLAGE, SENT_DOWN, MOVED = (
    "走出校门新进机关的乡镇干部",
    "新当书记、新进班子的村社干部",
    "一线墩苗实践历练的年轻干部",
    "交流任职、下派基层的机关干部",
)

# Grades from 0 to 10, by the mentor's category and the mentee's.
MIDDLE = 5
FIT: dict[tuple[str, str], int] = {
    (ELDER, NEWCOMER): 10,
    (ELDER, VILLAGE): 6,
    (ELDER, SENT_DOWN): 8,
    (ELDER, MOVED): 10,
    (SECRETARY, NEWCOMER): 6,
    (SECRETARY, VILLAGE): 10,
    (SECRETARY, SENT_DOWN): 8,
    (SECRETARY, MOVED): 6,
    (MASTER, NEWCOMER): 5,
    (MASTER, VILLAGE): 10,
    (MASTER, SENT_DOWN): 7,
    (MASTER, MOVED): 6,
    (LEADER, NEWCOMER): 5,
    (LEADER, VILLAGE): 8,
    (LEADER, SENT_DOWN): 9,
    (LEADER, MOVED): 7,
}

NEEDS: dict[str, tuple[str, ...]] = {
    NEWCOMER: ("群众工作", "方言沟通", "文稿写作"),
    VILLAGE: ("村务管理", "基层党建", "矛盾调解"),
    SENT_DOWN: ("群众工作", "项目推进", "应急处置"),
    MOVED: ("群众工作", "方言沟通", "基层党建"),
}

# Years between the two that count in full; each year outside takes one off the grade.
AGE_SPAN = (10, 35)
