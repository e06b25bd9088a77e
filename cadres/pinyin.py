"""Pinyin keys for sorting and searching names: PostgreSQL here knows no Chinese collation."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Surnames whose reading as a surname differs from the common one.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "区": "ou",
    "任": "ren", "盖": "ge", "翟": "zhai", "尉": "yu", "缪": "miao", "乐": "yue", "冼": "xian",
    "覃": "qin", "华": "hua", "员": "yun", "逄": "pang", "褚": "chu", "佘": "she", "召": "shao",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def keys(name: str) -> tuple[str, str]:
    """The whole pinyin and the initials: 单小明 → ("shanxiaoming", "sxm")."""
    syllables = lazy_pinyin(name.replace("·", ""), style=Style.NORMAL, errors="default")
    if name and name[0] in _SURNAMES and syllables:
        syllables[0] = _SURNAMES[name[0]]
    letters = ["".join(c for c in s.lower() if c.isalnum()) for s in syllables]
    letters = [s for s in letters if s]
    return "".join(letters), "".join(s[0] for s in letters)
