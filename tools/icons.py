"""The icons of the installed page, drawn from `static/img/icon.svg`: `python -m tools.icons`.

Typst draws them, so no browser is needed. A maskable icon may be cut to a circle by the phone:
its sign stands within the middle four fifths, on the seal's red to the edge.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "static" / "img"
SEAL = "#9b2c1f"
# File, pixels, colour behind, width of the sign in percent.
ICONS = (
    ("icon-192.png", 192, "", 100),
    ("icon-512.png", 512, "", 100),
    ("icon-maskable-512.png", 512, SEAL, 80),
    ("icon-touch-180.png", 180, SEAL, 90),
)


def drawn(size: int, behind: str, width: int) -> bytes:
    inputs = {"size": str(size), "behind": behind, "width": str(width)}
    source = ROOT / "tools" / "icon.typ"
    return typst.compile(source, root=ROOT, format="png", ppi=72.0, sys_inputs=inputs)


def main() -> int:
    for name, size, behind, width in ICONS:
        (IMAGES / name).write_bytes(drawn(size, behind, width))
    return 0


if __name__ == "__main__":
    sys.exit(main())
