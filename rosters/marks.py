"""What is written into one sheet of an annotated workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rosters.plain_tables import Merge

_MOST_SAID = 5  # sentences on one cell


class Marks(NamedTuple):
    """Rows from 1, columns from 0."""

    heading: int  # the row of the headings
    column: int | None  # of the remarks, where the sheet has it already
    cells: Mapping[int, Mapping[int, str]]  # notes on wrong cells by row and column
    lines: Mapping[int, str]  # remarks by row

    def over(self, merges: Sequence[Merge]) -> Marks:
        """Notes on the parts of a merged cell stand on the cell that is seen."""
        seen = {}
        for top, left, low, right in merges:
            for row in range(top + 1, low + 2):
                for at in self.cells.get(row, ()):
                    if left <= at <= right:
                        seen[row, at] = top + 1, left
        if not seen:
            return self
        notes: dict[int, dict[int, list[str]]] = {}
        for row, said in self.cells.items():
            for at, note in said.items():
                place = seen.get((row, at), (row, at))
                notes.setdefault(place[0], {}).setdefault(place[1], []).append(note)
        return self._replace(
            cells={
                row: {at: _joined(words) for at, words in said.items()}
                for row, said in notes.items()
            }
        )


def _joined(words: Sequence[str]) -> str:
    once = list(dict.fromkeys(words))
    return "\n".join([*once[:_MOST_SAID], *(["…"] if len(once) > _MOST_SAID else [])])
