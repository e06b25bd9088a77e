"""The lineages of a page as the script draws them (static/js/lineage.js)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pairings.lineage import Node
from pairings.lineage_window import Window

DRAWN_MOST = 150  # boxes that a canvas on the page has room for; the table has everybody


@dataclass(frozen=True)
class Drawing:
    roots: list[Node]
    deepest: int = 0  # generations of each lineage that are drawn
    undrawn: int = 0  # lineages without room
    marked: set[str] = field(default_factory=set)
    is_cut: bool = False  # some have more generations than are drawn

    @property
    def people(self) -> list[Node]:
        return [node for root in self.roots for node in _drawn(root, self.deepest)]

    @property
    def trees(self) -> list[dict[str, Any]]:
        """After the people have their names."""
        return [self._branch(root) for root in self.roots]

    def _branch(self, root: Node) -> dict[str, Any]:
        made: dict[str, dict[str, Any]] = {}
        for node in _drawn(root, self.deepest):
            is_marked = node.is_focus or node.key in self.marked
            made[node.key] = here = _leaf(node, node.mentor, "focus" if is_marked else "")
            if _level(node, root) == self.deepest:
                here["more"] = sum(1 for _node in node.line()) - 1
            else:
                here["children"] = [_leaf(other, node, "reference") for other in node.references]
            if node is not root and node.mentor:
                made[node.mentor.key]["children"].append(here)
        return made[root.key]


def drawing(shown: Window) -> Drawing:
    """Lineages of a page, down to the generation for which there is room, two at least.

    Where two are too many still, the lineages of more generations go first.
    """
    roots = shown.roots
    tallest = deepest = max(map(_height, roots), default=0)
    while deepest > 2 and sum(_boxes(root, deepest) for root in roots) > DRAWN_MOST:
        deepest -= 1
    drawn: list[Node] = []
    room = DRAWN_MOST
    for root in sorted(roots, key=lambda root: -root.generations):
        size = _boxes(root, deepest)
        if size <= room or not drawn:
            drawn.append(root)
            room -= size
    kept = [root for root in roots if root in drawn]
    is_cut = deepest < tallest
    return Drawing(kept, deepest, len(roots) - len(kept), shown.hits, is_cut)


def _height(root: Node) -> int:
    """Generations, with those of references, who are named a step below."""
    return max(_level(node, root) + bool(node.references) for node in root.line())


def _level(node: Node, root: Node) -> int:
    return node.generation - root.generation + 1


def _drawn(root: Node, deepest: int) -> Iterator[Node]:
    return (node for node in root.line() if _level(node, root) <= deepest)


def _boxes(root: Node, deepest: int) -> int:
    """People down to that generation, with those who are named again as references."""
    return sum(
        1 + (len(node.references) if _level(node, root) < deepest else 0)
        for node in _drawn(root, deepest)
    )


def _leaf(node: Node, mentor: Node | None, kind: str) -> dict[str, Any]:
    since = f"{node.since:%Y-%m-%d}" if node.since and kind != "reference" else ""
    # In a small box the end is cut off, so what tells homonyms apart comes first.
    beside = " · ".join(reversed(node.apart.split(" · "))) if node.is_ambiguous else node.unit
    return {
        "name": node.name,
        "beside": beside,
        "apart": node.apart,
        "role": node.role_of(mentor) if mentor else "",
        "since": since,
        "kind": kind,
        "more": 0,
        "children": [],
    }
