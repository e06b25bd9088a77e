"""The notes on the cells of one sheet of an .xlsx: the comments, the boxes that show them, and
the links between the parts. Notes of others stay; ours of an earlier round go.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Collection, Mapping
from xml.sax.saxutils import escape

from rosters.package import relations
from rosters.xml_pieces import elements, letters, position, replaced, tag

# Thousands of boxes make a workbook slow to open; the column of remarks says the rest.
MOST = 2_000

_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = b"application/vnd.openxmlformats-officedocument.vmlDrawing"
# What may follow the link to the boxes in a sheet, in the order of the standard.
_AFTER = re.compile(
    rb"<(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|mc:AlternateContent"
    rb"|webPublishItems|tableParts)\b"
)
_EMPTY_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
).encode()
_EMPTY_BOXES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
    b'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    b'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    b'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
# With its own namespaces: other programs call them otherwise at the top of the part.
_BOX = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
    'office" xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" '
    'type="#_x0000_t202" style="position:absolute;width:220pt;'
    'height:60pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{right}, 15, {top}, 2, {far}, 15, {low}, 4"
    "</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


class Notes:
    def __init__(
        self,
        source: zipfile.ZipFile,
        sheet: str,
        names: Collection[str],
        author: str,
        notes: Mapping[int, Mapping[int, str]],
    ) -> None:
        """`notes`: the text by row, from 1, and column, from 0."""
        folder, name = posixpath.split(sheet)
        self._links = f"{folder}/_rels/{name}.rels"
        self._has_links = self._links in names
        self._xml = source.read(self._links) if self._has_links else b""
        its = relations(source, self._links) if self._has_links else {}
        paths = {
            link.kind.rpartition("/")[2]: posixpath.normpath(
                posixpath.join(folder, link.target)
            ).lstrip("/")
            for link in its.values()
        }
        stem = posixpath.splitext(name)[0]
        self._old_comments, self._old_boxes = paths.get("comments"), paths.get("vmlDrawing")
        self._comments = self._old_comments or f"xl/comments_{stem}_remarks.xml"
        self._boxes = self._old_boxes or f"xl/drawings/vml_{stem}_remarks.vml"
        comments = source.read(self._comments) if self._old_comments else _EMPTY_COMMENTS
        boxes = source.read(self._boxes) if self._old_boxes else _EMPTY_BOXES
        if b"<commentList" not in comments or b"</xml>" not in boxes:
            raise ValueError("notes of an unusual build")
        comments = comments.replace(b"<commentList/>", b"<commentList></commentList>")
        self._is_changed = bool(notes)
        self.comments, self.boxes = self._without_ours(comments, boxes, author)
        self._add(notes, author)

    def _without_ours(self, comments: bytes, boxes: bytes, author: str) -> tuple[bytes, bytes]:
        self._authors = re.findall(rb"<author>(.*?)</author>|<author/>", comments)
        if author.encode() not in self._authors:
            return comments, boxes
        ours = b'authorId="%d"' % self._authors.index(author.encode())
        gone = set()
        for comment in elements(comments, b"comment"):
            place = re.search(rb'\sref="([A-Z]+)(\d+)"', comment)
            if ours in tag(comment) and place:
                gone.add((int(place[2]) - 1, position(place[1])))
        self._is_changed = self._is_changed or bool(gone)

        def kept(shape: bytes) -> bytes:
            row = re.search(rb"<\w+:Row>\s*(\d+)", shape)
            column = re.search(rb"<\w+:Column>\s*(\d+)", shape)
            is_gone = row and column and (int(row[1]), int(column[1])) in gone
            return b"" if is_gone else shape

        others = replaced(comments, b"comment", lambda c: b"" if ours in tag(c) else c)
        for prefix in {*re.findall(rb'xmlns:(\w+)="urn:schemas-microsoft-com:vml"', boxes)}:
            boxes = replaced(boxes, prefix + b":shape", kept)
        return others, boxes

    def _add(self, notes: Mapping[int, Mapping[int, str]], author: str) -> None:
        taken = set(re.findall(rb'<comment\b[^>]*?\sref="([A-Z]+\d+)"', self.comments))
        if author.encode() not in self._authors:
            self._authors.append(author.encode())
            named = b"<author>%s</author></authors>" % author.encode()
            self.comments = self.comments.replace(b"<authors/>", b"<authors></authors>").replace(
                b"</authors>", named, 1
            )
        by = self._authors.index(author.encode())
        last = max([1024, *map(int, re.findall(rb'"_x0000_s(\d+)"', self.boxes))])
        comments: list[str] = []
        boxes: list[str] = []
        for row, column, text in _first(notes):
            place = f"{letters(column).decode()}{row}"
            if place.encode() in taken:
                continue  # somebody's own note: ours stands in the column of remarks
            comments.append(
                f'<comment ref="{place}" authorId="{by}"><text><r><t xml:space="preserve">'
                f"{escape(text)}</t></r></text></comment>"
            )
            boxes.append(
                _BOX.format(
                    id=last + 1 + len(boxes), right=column + 1, far=column + 4, row=row - 1,
                    top=max(0, row - 2), low=row + 2, column=column,
                )
            )  # fmt: skip
        self.comments = self.comments.replace(
            b"</commentList>", "".join(comments).encode() + b"</commentList>"
        )
        self.boxes = self.boxes.replace(b"</xml>", "".join(boxes).encode() + b"</xml>")

    def parts(self) -> dict[str, bytes]:
        """The parts to be written, by name."""
        if not self._is_changed:
            return {}
        added = []
        if not self._old_comments:
            added.append(("remarks1", "comments", self._comments))
        if not self._old_boxes:
            added.append(("remarks2", "vmlDrawing", self._boxes))
        xml = self._xml or f'<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode()
        xml = re.sub(rb"(<Relationships\b[^>]*)/>", rb"\1></Relationships>", xml)
        links = "".join(
            f'<Relationship Id="{id_}" Type="{_KINDS}{kind}" Target="/{path}"/>'
            for id_, kind, path in added
        )
        xml = xml.replace(b"</Relationships>", links.encode() + b"</Relationships>")
        return {self._links: xml, self._comments: self.comments, self._boxes: self.boxes}

    def typed(self, types: bytes) -> bytes:
        """The list of content types with our parts in it."""
        if not self._is_changed:
            return types
        added = b""
        if not self._old_comments:
            added += b'<Override PartName="/%s" ContentType="%s"/>' % (
                self._comments.encode(), _COMMENTS_TYPE,
            )  # fmt: skip
        if not self._old_boxes and b'Extension="vml"' not in types:
            added += b'<Default Extension="vml" ContentType="%s"/>' % _VML_TYPE
        return types.replace(b"</Types>", added + b"</Types>")

    def linked(self, tail: bytes) -> bytes:
        """The end of the sheet with its link to the boxes."""
        if not self._is_changed or self._old_boxes:
            return tail
        end = tail.rindex(b"</worksheet>")
        if tail[:end].rstrip().endswith(b"</extLst>"):
            end = tail.rindex(b"<extLst")  # others stand within rules for colours
        found = _AFTER.search(tail)
        at = found.start() if found else end
        link = f'<legacyDrawing xmlns:r="{_KINDS[:-1]}" r:id="remarks2"/>'.encode()
        return tail[:at] + link + tail[at:]


def _first(notes: Mapping[int, Mapping[int, str]]) -> list[tuple[int, int, str]]:
    every = ((row, at, text) for row in sorted(notes) for at, text in notes[row].items())
    return [note for note, _number in zip(every, range(MOST), strict=False)]
