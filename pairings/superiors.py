"""Who may be somebody's direct superior, told by titles alone: an example list.

示例规则，未核对原文. No register says who reports to whom, so the sentence says 「可能」 and an
office may waive it.
"""

from __future__ import annotations

LEADING = (
    "书记", "主任", "镇长", "乡长", "区长", "县长", "市长", "局长", "部长", "所长", "站长",
    "科长", "处长", "社长", "队长", "校长", "院长",
)  # fmt: skip
# Ranks 职级, which lead nobody, though their names hold the words above.
RANKS = ("主任科员", "主任科级", "主任医师", "主任技师")


def leads(title: str) -> bool:
    """Whether a post of this title leads others, deputies included."""
    for rank in RANKS:
        title = title.replace(rank, "")
    return any(word in title for word in LEADING)
