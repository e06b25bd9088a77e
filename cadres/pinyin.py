"""Pinyin keys for sorting and searching names: PostgreSQL here knows no Chinese collation."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

# Surnames whose reading as a surname differs from the common one.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "区": "ou",
    "任": "ren", "盖": "ge", "翟": "zhai", "尉": "yu", "缪": "miao", "乐": "yue", "冼": "xian",
    "覃": "qin", "华": "hua", "员": "yun", "逄": "pang", "褚": "chu", "佘": "she", "召": "shao",
}  # fmt: skip
_SHORT = 4  # characters
LONGEST = 300  # letters kept: what the column holds; nobody types more to find somebody


@lru_cache(maxsize=50_000)
def keys(name: str) -> tuple[str, str]:
    """The whole pinyin and the initials: 单小明 → ("shanxiaoming", "sxm")."""
    syllables = _syllables(name.replace("·", ""))
    if name and name[0] in _SURNAMES and syllables:
        syllables[0] = _SURNAMES[name[0]]
    letters = ["".join(c for c in s.lower() if c.isalnum()) for s in syllables]
    letters = [s for s in letters if s]
    return "".join(letters)[:LONGEST], "".join(s[0] for s in letters)


def _syllables(name: str) -> list[str]:
    """As pypinyin reads the whole; a name that holds none of its phrases is read by characters,
    which are kept: a roster has 100,000 names of some thousand characters."""
    ends = range(2, len(name) + 1)
    is_plain = len(name) <= _SHORT and all("一" <= char <= "龥" for char in name)
    if not is_plain or any(name[at:end] in PHRASES_DICT for end in ends for at in range(end - 1)):
        return _read(name)
    return [syllable for char in name for syllable in _char(char)]


@lru_cache(maxsize=20_000)
def _char(char: str) -> list[str]:
    return _read(char)


def _read(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.NORMAL, errors="default")
