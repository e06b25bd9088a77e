"""How the parts of an .xlsx hang together: the links of a part, the sheets of the workbook."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import NamedTuple
from xml.sax.saxutils import unescape

from rosters.xml_pieces import elements


class Relation(NamedTuple):
    kind: str
    target: str


def relations(source: zipfile.ZipFile, path: str) -> dict[str, Relation]:
    """By id; KeyError when the part is missing or says too little."""
    found = {}
    for link in elements(source.read(path), b"Relationship"):
        said = {k.decode(): v.decode() for k, v in re.findall(rb'(\w+)="([^"]*)"', link)}
        found[said["Id"]] = Relation(said["Type"], unescape(said["Target"]))
    return found


def sheet_paths(source: zipfile.ZipFile) -> list[str]:
    """The parts of the sheets in the order of the workbook; KeyError or ValueError when it is
    not built as usual."""
    targets = relations(source, "xl/_rels/workbook.xml.rels")
    book = source.read("xl/workbook.xml")
    start, end = book.index(b"<sheets"), book.index(b"</sheets>")
    paths = []
    for sheet in elements(book[start:end], b"sheet"):
        link = re.search(rb'\s\w+:id="([^"]+)"', sheet)
        if link is None:
            raise ValueError("a sheet without a part")
        target = targets[link[1].decode()].target
        paths.append(posixpath.normpath(posixpath.join("xl", target)).lstrip("/"))
    return paths
