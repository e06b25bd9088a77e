"""Pages of PDF are drawn apart: what unpacks beyond measure harms nobody else's work."""

from __future__ import annotations

import io
import os
import resource
import signal

import pypdf
import pytest
from PIL import Image

from papers import drawing, handing, rasters, working
from papers.drawing import drawer
from papers.reading import Damaged
from tests.papers.bombs import pdf
from tests.papers.made import blank, pdf_of, states, upload

VAST = 36_000  # an edge; so many bytes squared are more than a page may take


def sizes(file: io.BytesIO, pages: int = 1) -> list[tuple[int, int] | None]:
    """Of each page as it is drawn; None where it is not."""
    found: list[tuple[int, int] | None] = []
    with drawer(file) as drawn:
        for index in range(pages):
            try:
                found.append(drawn.page(index).size)
            except Damaged:
                found.append(None)
    return found


def claiming(width: float, height: float) -> io.BytesIO:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width, height)
    content = io.BytesIO()
    writer.write(content)
    return content


def test_a_page_is_drawn_as_it_is():
    colour = Image.new("RGB", (400, 200), (200, 30, 40))
    with drawer(io.BytesIO(pdf_of([blank(), colour]))) as drawn:
        page = drawn.page(1)
        assert drawn.page(0).size[1] == 2560
    assert page.size == (2560, 1280)
    red, green, blue = page.getpixel((1000, 600))
    assert (red > 180, green < 60, blue < 70) == (True, True, True)


def test_a_page_that_claims_a_mile_is_drawn_no_larger_than_others():
    [size] = sizes(claiming(14_000, 9_000))
    assert max(size or (0,)) == 2560


def test_a_picture_that_unpacks_beyond_measure_is_not_unpacked():
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PDF")
    assert sizes(bomb) == [None]


def test_pictures_of_a_page_count_together():
    """Each of them alone may be drawn; a page after them is drawn again."""
    file = pdf([(7000, 0)], [(7000, 0)] * 3, [(7000, 0)])
    [one, three, again] = sizes(file, pages=3)
    assert (one is None, three, again == one) == (False, None, True)


def test_a_soft_mask_that_unpacks_beyond_measure_takes_no_more_memory_than_is_given():
    """The picture has a hundred pixels, its mask 1.3 thousand million."""
    file = pdf([(10, 100)], [(10, VAST)], [(10, 100)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [first, _bomb, last] = sizes(file, pages=3)
    assert (first is None, last == first) == (False, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB


def test_the_process_has_so_much_memory_and_no_more():
    with drawer(io.BytesIO(pdf_of([blank()]))) as drawn:
        drawn.page(0)
        given = resource.prlimit(drawn._process.pid, resource.RLIMIT_AS)
    assert given == (rasters.MEMORY, rasters.MEMORY)


def test_a_stack_with_a_bomb_is_read_to_its_end(cast):
    file = pdf([(7000, 0)] * 3, [(10, VAST)]).getvalue()
    files = [handing.looked_into(upload(file)), handing.looked_into(upload(pdf_of([blank()])))]
    stack = handing.hand_in(files, by=cast.mentee, key=None)
    assert working.run(stack.pk)
    assert states(stack) == ["damaged", "waiting", "waiting"]


def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_drawn(monkeypatch):
    with drawer(io.BytesIO(pdf_of([blank(), blank()]))) as drawn:
        drawn.page(0)
        os.kill(drawn._process.pid, signal.SIGSTOP)
        monkeypatch.setattr(drawing, "SECONDS", 0.2)
        with pytest.raises(Damaged):
            drawn.page(1)
        monkeypatch.undo()
        assert drawn.page(1).size[1] == 2560


def test_no_process_stays_behind():
    with drawer(io.BytesIO(pdf_of([blank()]))) as drawn:
        drawn.page(0)
        process = drawn._process
    assert process.poll() is not None
