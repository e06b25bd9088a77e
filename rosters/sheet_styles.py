"""The styles of an .xlsx: for each style of a wrong cell the same one with our colour."""

from __future__ import annotations

import re

from rosters.xml_pieces import elements, tag

COLOUR = b"FFFFD9CC"
_OURS = b' rgb="%s"' % COLOUR
_NONE = b' indexed="64"'  # what stands as the second colour when there was none before
_STYLE = re.compile(rb'\ss="(\d+)"')
_FILL_ID = re.compile(rb'\sfillId="(\d+)"')
_SOLID = re.compile(rb'<patternFill patternType="solid">\s*<fgColor([^>]*?)/>')
_SECOND = re.compile(rb"<bgColor([^>]*?)/>")


class Styles:
    """ValueError when the part is not built as usual.

    The colour that a cell had stands as the second colour of our fill, which is not seen: so the
    cell gets it back when the next round finds nothing wrong in it.
    """

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._fills = elements(self._inner(b"fills"), b"fill")
        self._xfs = elements(self._inner(b"cellXfs"), b"xf")
        if not self._xfs or not self._fills:
            raise ValueError("no styles")
        self._old_fills, self._old_xfs = len(self._fills), len(self._xfs)
        ours = {at for at, fill in enumerate(self._fills) if COLOUR in fill}
        # Styles of cells that an earlier round has marked.
        self._marked = {at for at, xf in enumerate(self._xfs) if _fill_of(xf) in ours}
        self._old = re.compile(
            rb'\ss="(?:%s)"' % b"|".join(str(at).encode() for at in sorted(self._marked))
        )
        self._made: dict[tuple[int, bool], int] = {}

    @property
    def has_marks(self) -> bool:
        """Whether an earlier round has marked anything."""
        return bool(self._marked)

    def has_marked(self, row: bytes) -> bool:
        """Whether some cell of the row was marked in an earlier round."""
        return bool(self._marked) and self._old.search(row) is not None

    def marked(self, cell: bytes) -> bytes:
        """The cell in our colour."""
        at = _style_of(cell)
        return cell if at in self._marked else _styled(cell, self._other(at, is_marked=True))

    def unmarked(self, cell: bytes) -> bytes:
        """As it was before an earlier round marked it; as it is when none did."""
        at = _style_of(cell)
        return _styled(cell, self._other(at, is_marked=False)) if at in self._marked else cell

    def xml(self) -> bytes:
        xml = self._xml
        for name, all_, was in (
            (b"fills", self._fills, self._old_fills),
            (b"cellXfs", self._xfs, self._old_xfs),
        ):
            if len(all_) > was:
                xml = _appended(xml, name, len(all_), b"".join(all_[was:]))
        return xml

    def _inner(self, name: bytes) -> bytes:
        found = re.search(rb"<%s\b[^>]*>(.*?)</%s>" % (name, name), self._xml, re.DOTALL)
        if found is None:
            raise ValueError("prefixed or incomplete styles")
        return found[1]

    def _other(self, at: int, *, is_marked: bool) -> int:
        """The same style with our colour, or with the one it had before."""
        if (at, is_marked) not in self._made:
            xf = self._xfs[at]
            fill = self._fill(_fill_of(xf), is_marked=is_marked)
            wanted = b'<xf fillId="%d" applyFill="1"' % fill + _bare(xf)[3:]
            same = [
                n for n, x in enumerate(self._xfs) if (_fill_of(x), _bare(x)) == (fill, _bare(xf))
            ]
            if not same:
                self._xfs.append(wanted)
            self._made[at, is_marked] = same[0] if same else len(self._xfs) - 1
        return self._made[at, is_marked]

    def _fill(self, at: int, *, is_marked: bool) -> int:
        if is_marked:
            solid = _SOLID.search(self._fills[at])
            pair = _OURS, solid[1] if solid else _NONE
        else:
            second = _SECOND.search(self._fills[at])
            if second is None or second[1] == _NONE:
                return 0
            pair = second[1], _NONE
        for number, fill in enumerate(self._fills):
            first, second = _SOLID.search(fill), _SECOND.search(fill)
            colours = first and first[1], second[1] if is_marked and second else _NONE
            if colours == pair:
                return number
        self._fills.append(
            b'<fill><patternFill patternType="solid"><fgColor%s/><bgColor%s/></patternFill></fill>'
            % pair
        )
        return len(self._fills) - 1


def _style_of(cell: bytes) -> int:
    found = _STYLE.search(tag(cell))
    return int(found[1]) if found else 0


def _styled(cell: bytes, style: int) -> bytes:
    opening = _STYLE.sub(b"", tag(cell))
    # Behind the place, as Excel writes it.
    styled = re.sub(rb'(\sr="\w+")', rb'\1 s="%d"' % style, opening, count=1)
    return styled + cell[len(tag(cell)) :]


def _fill_of(xf: bytes) -> int:
    found = _FILL_ID.search(tag(xf))
    return int(found[1]) if found else 0


def _bare(xf: bytes) -> bytes:
    return re.sub(rb'\s(fillId|applyFill)="[^"]*"', b"", xf)


def _appended(xml: bytes, name: bytes, count: int, added: bytes) -> bytes:
    start = xml.index(b"<" + name)
    end = xml.index(b"</" + name + b">", start)
    after = xml.index(b">", start)
    opening = re.sub(rb'\scount="\d+"', b' count="%d"' % count, xml[start:after])
    return xml[:start] + opening + xml[after:end] + added + xml[end:]
