"""What of a lineage a page shows: so many rows at a time, and deep lines folded until opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from pairings import lineage
from pairings.lineage import Lineage, Node

PAGE = 25  # rows of the table
FOLDED = 3  # generations of each lineage that a unit's page begins with


@dataclass(frozen=True)
class Window:
    """Some rows of a lineage, and the lineages that they belong to."""

    rows: list[Node]
    roots: list[Node]
    total: int
    next: str = ""  # the key of the last row, empty at the end
    below: Node | None = None  # only this person's line is shown
    hits: set[str] = field(default_factory=set)  # keys of those who were searched for
    is_searched: bool = False

    @property
    def people(self) -> list[Node]:
        """Who needs a name here."""
        return [*self.rows, *([self.below] if self.below else [])]


def window(
    found: Lineage, *, under: str = "", after: str = "", words: str = "", folded: int = 0
) -> Window:
    """A page of rows, each person before those they taught.

    `under` and `after` are keys of people: whose line alone is shown, and the last row of the page
    before; one that is not in the tree is as none. `words` searches and shows whom it found. Lines
    end with the generation `folded`, 0 for never: `Node.below` says how many people follow.
    """
    below = next((node for node in found.rows if node.key == under), None) if under else None
    roots = [below] if below else found.roots
    if words:
        every = lineage.called(found, words)
        for node in every:
            node.below = sum(1 for _node in node.line()) - 1
    else:
        every = [node for root in roots for node in _unfolded(root, folded)]
    first = next((at for at, node in enumerate(every, 1) if node.key == after), 0) if after else 0
    rows = every[first : first + PAGE]
    is_last = first + PAGE >= len(every)
    return Window(
        rows,
        _tops(rows, roots),
        len(every),
        next="" if is_last else rows[-1].key,
        below=below,
        hits={node.key for node in every} if words else set(),
        is_searched=bool(words),
    )


def _unfolded(root: Node, folded: int) -> list[Node]:
    """The line down to so many generations; those with whom it is folded know how many follow."""
    last = root.generation + folded - 1
    rows = []
    for node in root.line():
        if not folded or node.generation <= last:
            rows.append(node)
        if node.generation == last:
            node.below = sum(1 for _node in node.line()) - 1
    return rows


def _tops(rows: list[Node], roots: list[Node]) -> list[Node]:
    """On top of whose lineages these rows stand, in their order."""
    tops = {root.key for root in roots}
    found: dict[str, Node] = {}
    for row in rows:
        node = row
        while node.key not in tops and node.mentor:
            node = node.mentor
        found.setdefault(node.key, node)
    return list(found.values())
