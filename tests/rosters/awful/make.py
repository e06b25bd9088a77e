"""The corpus of awful files, and what is reported of each.

    python -m tests.rosters.awful.make FOLDER     writes the files, to look at them

`reports/<file>.json` holds the expected report: the sentence of a file that cannot be read, else
the doubts, sheets with heading rows and columns, how many rows are read and left out, and what
the reader of the cadre roster finds wrong in a row by itself. After a wanted change
`AWFUL=write pytest tests/rosters/test_awful.py` writes them anew; read the difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.rosters.awful import broken, cells, texts, workbooks

MAKERS = (workbooks, cells, texts, broken)  # each adds its files when it is imported
FILES = workbooks.FILES
REPORTS = Path(__file__).parent / "reports"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    print(f"{len(FILES)} files in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
