"""The styles of an .xlsx: for each style of a wrong cell the same one with our colour."""

from __future__ import annotations

import re

from rosters.xml_pieces import elements, tag

COLOUR = b"FFFFD9CC"
_FILL = (
    b'<fill><patternFill patternType="solid"><fgColor rgb="%s"/><bgColor indexed="64"/>'
    b"</patternFill></fill>" % COLOUR
)
_STYLE = re.compile(rb'\ss="(\d+)"')
_FILL_ID = re.compile(rb'\sfillId="(\d+)"')


class Styles:
    """ValueError when the part is not built as usual."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        fills = elements(self._inner(b"fills"), b"fill")
        self._xfs = elements(self._inner(b"cellXfs"), b"xf")
        if not self._xfs:
            raise ValueError("no styles")
        self._was = len(self._xfs)
        ours = [at for at, fill in enumerate(fills) if COLOUR in fill]
        self._has_fill = bool(ours)
        self._fill = ours[0] if ours else len(fills)
        # Cells that an earlier round has marked.
        self._marked = {at for at, xf in enumerate(self._xfs) if _fill_of(xf) in ours}
        self._old = re.compile(
            rb'\ss="(?:%s)"' % b"|".join(str(at).encode() for at in sorted(self._marked))
        )
        self._made: dict[int, int] = {}
        self._cleared: dict[int, int] = {}

    def has_marked(self, row: bytes) -> bool:
        """Whether some cell of the row was marked in an earlier round."""
        return bool(self._marked) and self._old.search(row) is not None

    def marked(self, cell: bytes) -> bytes:
        at = _style_of(cell)
        if at in self._marked:
            return cell
        if at not in self._made:
            self._made[at] = self._add(_filled(self._xfs[at], self._fill))
        return _styled(cell, self._made[at])

    def unmarked(self, cell: bytes) -> bytes:
        """As it was before an earlier round marked it; as it is when none did."""
        at = _style_of(cell)
        if at not in self._marked:
            return cell
        if at not in self._cleared:
            self._cleared[at] = self._twin(at)
        return _styled(cell, self._cleared[at])

    def xml(self) -> bytes:
        xml = self._xml
        if self._made and not self._has_fill:
            xml = _appended(xml, b"fills", self._fill + 1, _FILL)
        if len(self._xfs) > self._was:
            added = b"".join(self._xfs[self._was :])
            xml = _appended(xml, b"cellXfs", len(self._xfs), added)
        return xml

    def _inner(self, name: bytes) -> bytes:
        found = re.search(rb"<%s\b[^>]*>(.*?)</%s>" % (name, name), self._xml, re.DOTALL)
        if found is None:
            raise ValueError("prefixed or incomplete styles")
        return found[1]

    def _add(self, xf: bytes) -> int:
        self._xfs.append(xf)
        return len(self._xfs) - 1

    def _twin(self, at: int) -> int:
        """The style that this one was made from: the same but for the colour."""
        plain = _bare(self._xfs[at])
        for other, xf in enumerate(self._xfs[: self._was]):
            if other not in self._marked and _bare(xf) == plain:
                return other
        return self._add(_filled(self._xfs[at], 0))


def _style_of(cell: bytes) -> int:
    found = _STYLE.search(tag(cell))
    return int(found[1]) if found else 0


def _styled(cell: bytes, style: int) -> bytes:
    end = cell.index(b">")
    tag = _STYLE.sub(b"", cell[:end])
    return b'<c s="%d"' % style + tag[2:] + cell[end:]


def _fill_of(xf: bytes) -> int:
    found = _FILL_ID.search(tag(xf))
    return int(found[1]) if found else 0


def _bare(xf: bytes) -> bytes:
    return re.sub(rb'\s(fillId|applyFill)="[^"]*"', b"", xf)


def _filled(xf: bytes, fill: int) -> bytes:
    return b'<xf fillId="%d" applyFill="1"' % fill + _bare(xf)[3:]


def _appended(xml: bytes, name: bytes, count: int, added: bytes) -> bytes:
    start = xml.index(b"<" + name)
    end = xml.index(b"</" + name + b">", start)
    after = xml.index(b">", start)
    opening = re.sub(rb'\scount="\d+"', b' count="%d"' % count, xml[start:after])
    return xml[:start] + opening + xml[after:end] + added + xml[end:]
