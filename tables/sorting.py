"""Lists that are sorted by a column and sized: both choices stand in the address.

A list declares its sorts as data, `SORTS = {"name": Sort(_("name"), ("pinyin", "id")), …}`, reads
the choice with `Sorting.read(SORTS, request.GET)` and hands `order` and `size` to
`tables.paging.page_of`. `tables/_sort_heading.html` draws a heading, `tables/_sort_pages.html` the
rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.http import QueryDict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SIZES = (20, 50, 100, 200)
DEFAULT_SIZE = 50
# What says how a list is shown, not which rows it holds.
SHOWING = ("sort", "size", "after", "more", "as_of")


class Sort(NamedTuple):
    """A column to sort by; `order` is for page_of and ends in a unique column."""

    label: StrOrPromise
    order: tuple[str, ...]


class Heading(NamedTuple):
    label: StrOrPromise
    sort: str  # what the link asks for: the column, or the other way round where it is chosen
    direction: str  # aria-sort: ascending, descending, or empty


class Sorting(NamedTuple):
    sorts: Mapping[str, Sort]
    chosen: str  # a key of `sorts`, with "-" for descending
    size: int

    @classmethod
    def read(cls, sorts: Mapping[str, Sort], given: QueryDict, *, default: str = "") -> Sorting:
        """The choice of the address; what cannot be read gives `default`, or the first sort."""
        wanted = given.get("sort", "")
        if wanted.removeprefix("-") not in sorts:
            wanted = default or next(iter(sorts))
        size = given.get("size", "")
        known = {str(number): number for number in SIZES}
        return cls(sorts, wanted, known.get(size, DEFAULT_SIZE))

    @property
    def order(self) -> tuple[str, ...]:
        """Descending turns every column round, so that one index serves both directions."""
        order = self.sorts[self.chosen.removeprefix("-")].order
        return tuple(map(_turned, order)) if self.chosen.startswith("-") else order

    @property
    def headings(self) -> dict[str, Heading]:
        """By key: what a heading shows and where its link leads."""
        return {key: self._heading(key, sort.label) for key, sort in self.sorts.items()}

    @property
    def sizes(self) -> tuple[int, ...]:
        return SIZES

    def _heading(self, key: str, label: StrOrPromise) -> Heading:
        if self.chosen.removeprefix("-") != key:
            return Heading(label, key, "")
        direction = "descending" if self.chosen.startswith("-") else "ascending"
        return Heading(label, _turned(self.chosen), direction)


def is_narrowed(given: QueryDict) -> bool:
    """Whether the address holds a filter, and not only how the list is shown."""
    return any(value for name, value in given.items() if name not in SHOWING)


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
