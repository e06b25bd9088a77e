"""Where LibreOffice is, and a workbook as it reads it: opened, calculated, written down again."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
MISSING = (
    "workbooks not opened by an office program: no LibreOffice here (Debian: apt-get install "
    "libreoffice-calc-nogui)"
)


def opened(folder: Path, books: dict[str, bytes]) -> dict[str, openpyxl.Workbook]:
    """Each workbook (its content by a name) as LibreOffice saves what it has read.

    One start for all of them, with a profile of its own in `folder`.
    """
    given, saved = folder / "given", folder / "saved"
    given.mkdir()
    for name, content in books.items():
        (given / f"{name}.xlsx").write_bytes(content)
    # A format of LibreOffice's own in between: nothing of the given file can slip through.
    _convert(folder, "ods", folder / "own", given.glob("*.xlsx"))
    _convert(folder, "xlsx", saved, (folder / "own").glob("*.ods"))
    return {
        name: openpyxl.load_workbook(io.BytesIO((saved / f"{name}.xlsx").read_bytes()))
        for name in books
    }


def _convert(folder: Path, kind: str, target: Path, files: object) -> None:
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(target),
            *map(str, files),  # type: ignore[call-overload]
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
