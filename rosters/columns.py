"""A heading matched with the columns of a kind: by what the unit taught, by name, by alias; by
likeness only as a doubt.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import gettext as _

from rosters.kinds import Column

# Groups of columns that add nothing to the names below them.
_NEUTRAL = re.compile(r"(干部|个人|人员|本人)?(基本|主要)?(信息|情况|资料)")
# Words that make another thing of the same name: 在职学历, 配偶姓名.
_APART = re.compile(
    r"在职|党校|配偶|父|母|家庭|子女|紧急|曾用|原|拟|任现|备用|导师|师傅|帮带对象|徒弟|全日制|其他|单位性质"
)
# What a pair of brackets may add without changing the meaning: a form, a unit, an example.
_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_HARMLESS = re.compile(r"\d|如|例|格式|填|岁|位|年|月|日|号码|手机|全称|文本|下拉|选择|公历|人")
_LIKE = 0.8

EXACT, ALIAS, INSTRUCTED, GROUPED, LIKELY = range(1, 6)
_TAUGHT = 0


class Heading(NamedTuple):
    """The texts of a column's heading from above to below."""

    at: int
    texts: tuple[str, ...]

    @property
    def shown(self) -> str:
        return " ".join(self.texts)[:200]


class Named(NamedTuple):
    heading: Heading
    field: str  # empty: not read
    doubt: str = ""


class Words:
    """The words for the columns of a kind."""

    def __init__(
        self, columns: Sequence[Column], known: Mapping[str, str], plain: Callable[[str], str]
    ) -> None:
        self._plain = plain
        self._known = known
        self._columns = {column.field: column for column in columns}
        self._names = {plain(column.name): column.field for column in columns}
        aliases = {plain(word): c.field for c in reversed(columns) for word in c.aliases}
        self._words = {**aliases, **self._names}

    def count(self, headings: Sequence[Heading]) -> int:
        """How many columns are surely among these headings."""
        sure = {
            field or f"not read {heading.at}"
            for heading in headings
            for rank, field in [self._sure(heading)]
            if rank is not None
        }
        return len(sure)

    def named(self, headings: Sequence[Heading]) -> list[Named]:
        """Each heading with its column; a column is given once, to the surest."""
        bids = defaultdict(list)
        fields: dict[int, tuple[str, str]] = {}
        for heading in headings:
            rank, field = self._sure(heading)
            if rank == _TAUGHT and not field:
                fields[heading.at] = "", ""
            elif rank is not None:
                bids[field].append((rank, heading.at, heading))
        for field, offers in bids.items():
            offers.sort(key=lambda offer: offer[:2])
            rank, at, first = offers[0]
            rivals = [other.shown for its, _at, other in offers[1:] if its == rank]
            fields[at] = field, self._twice(field, [first.shown, *rivals]) if rivals else ""
        taken = {field for field, _doubt in fields.values()}
        owns = Counter(self._plain(heading.texts[-1]) for heading in headings)
        for heading in headings:
            if heading.at in fields or any(heading in (o[2] for o in b) for b in bids.values()):
                continue
            field = self._likely(heading, is_alone=owns[self._plain(heading.texts[-1])] == 1)
            if field and field not in taken:
                taken.add(field)
                fields[heading.at] = (
                    field,
                    _("The column 「%(heading)s」 may be %(column)s. Confirm or correct it.")
                    % {"heading": heading.shown, "column": self._columns[field].name},
                )
        return [Named(heading, *fields.get(heading.at, ("", ""))) for heading in headings]

    def _twice(self, field: str, shown: Sequence[str]) -> str:
        return _("%(headings)s may each be %(column)s; the first is read. Confirm it.") % {
            "headings": "、".join(f"「{text}」" for text in shown),
            "column": self._columns[field].name,
        }

    def _sure(self, heading: Heading) -> tuple[int | None, str]:
        """How sure (the least is the surest), and the field."""
        texts = [self._plain(text) for text in heading.texts]
        whole = "".join(texts)
        if whole[:200] in self._known:
            return _TAUGHT, self._known[whole[:200]]
        for rank, text in (
            (EXACT, whole),
            (ALIAS, whole),
            (ALIAS, "".join(reversed(texts))),
            (INSTRUCTED, _bare(whole)),
        ):
            names = self._names if rank == EXACT else self._words
            if text in names:
                return rank, names[text]
        above, own = "".join(texts[:-1]), texts[-1]
        if above and _NEUTRAL.fullmatch(above):
            rank_of_own, field = self._sure(Heading(heading.at, (own,)))
            if rank_of_own is not None:
                return GROUPED, field
        return None, ""

    def _likely(self, heading: Heading, *, is_alone: bool) -> str:
        """By the lower word under a group that says nothing known, or by likeness."""
        texts = [self._plain(text) for text in heading.texts]
        whole, own = "".join(texts), texts[-1]
        names = self._words
        if not is_alone or len(whole) > 20:
            return ""
        bare = _BRACKETS.sub("", own)
        for name, field in names.items():
            added = whole.replace(name, "", 1) if name in whole else None
            if bare == name and not _APART.search(whole.replace(name, "")):
                return field
            is_longer = added is not None and 0 < len(added) <= 4 and len(name) > 1
            if is_longer and whole.endswith(name) and not _APART.search(added or ""):
                return field
        like = {name: SequenceMatcher(None, bare, name).ratio() for name in names if len(name) > 2}
        best = max(like, key=lambda name: like[name], default="")
        is_like = len(bare) > 2 and bool(best) and like[best] >= _LIKE
        if is_like and _APART.findall(own) == _APART.findall(best):
            return names[best]
        return ""


def _bare(text: str) -> str:
    """Without brackets that only say how to fill in; the text itself when they say more."""
    said = _BRACKETS.findall(text)
    if said and all(_HARMLESS.search(b) and not _APART.search(b) for b in said):
        return _BRACKETS.sub("", text)
    return text
