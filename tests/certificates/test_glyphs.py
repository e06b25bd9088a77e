"""Which fonts are there differs between machines, so these tests bring their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typst
from django.conf import settings as configured
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from certificates import issuing
from certificates.models import Certificate, Series
from certificates.rendering import render
from core import glyphs
from tests.certificates.making import make_facts, make_pairs, opened, words_of

REGULAR = Path("400Regular") / "NotoSerifSC_400Regular.ttf"


@pytest.fixture
def font_dir(settings, tmp_path):
    """A folder with one shipped font, and no font of the machine."""
    shutil.copy(Path(configured.FONT_DIR) / REGULAR, tmp_path / "serif.ttf")
    settings.FONT_DIR = tmp_path
    return tmp_path


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine on which no font is installed."""

    def nothing(folder: Path) -> typst.Fonts:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )

    nothing.cache_clear = lambda: None
    monkeypatch.setattr(glyphs, "_installed", nothing)


def make_font(path: Path, family: str, signs: str) -> None:
    """A font that draws a square for each of these characters."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((900, 0), (900, 800), (100, 800)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"sign{number}" for number in range(len(signs)))]
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(sign): name for sign, name in zip(signs, names[1:], strict=True)})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    font.setupOS2(sTypoAscender=880, usWeightClass=400, fsSelection=0x40)
    font.setupPost()
    font.save(path)


def families_in(pdf: bytes) -> set[str]:
    fonts = opened(pdf).pages[0]["/Resources"]["/Font"].values()
    return {font.get_object()["/BaseFont"].split("+")[1].split("-")[0] for font in fonts}


def test_a_rare_character_is_drawn_by_another_font_that_has_it(font_dir, bare_machine):
    make_font(font_dir / "rare.ttf", "RareTest", "𠮷")
    pdf = render(make_facts(mentee={"name": "张𠮷", "unit": "安吉县上墅乡"}))
    assert families_in(pdf) == {"NotoSerifSC", "RareTest"}
    assert "弟子张𠮷安吉县上墅乡" in words_of(pdf)


def test_a_common_name_is_drawn_by_the_shipped_font_alone(font_dir, bare_machine):
    make_font(font_dir / "rare.ttf", "AAA", "𠮷张")
    assert families_in(render(make_facts())) == {"NotoSerifSC"}


def test_rare_characters_that_the_shipped_font_has_need_no_other(bare_machine):
    pdf = render(make_facts(mentee={"name": "㛃𬱖", "unit": "安吉县上墅乡"}))
    assert families_in(pdf) == {"NotoSerifSC"}
    assert "弟子㛃𬱖安吉县上墅乡" in words_of(pdf)


def test_a_character_without_a_font_is_named_with_what_to_install(bare_machine):
    with pytest.raises(glyphs.MissingGlyph) as refusal:
        render(make_facts(mentee={"name": "张𠮷", "unit": "安吉县上墅乡"}))
    assert str(refusal.value) == (
        "服务器上的字体都没有“𠮷”（U+20BB7）字，拜师帖未签发，也未占用编号。请联系系统管理员"
        "安装含有该字的字体（Debian 系统可安装 fonts-hanazono），再重新签发。"
    )


def test_a_private_character_is_refused_even_when_a_font_draws_something(font_dir, bare_machine):
    make_font(font_dir / "private.ttf", "PrivateTest", "\ue000")
    with pytest.raises(glyphs.MissingGlyph) as refusal:
        glyphs.choose("张\ue000")
    assert refusal.value.sign == "\ue000"


def test_a_broken_font_on_the_machine_does_no_harm(tmp_path):
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font at all")
    assert not any(glyphs._coverage(str(broken), 0))


def test_a_name_that_cannot_be_drawn_uses_no_number(cast, bare_machine):
    [pairing] = make_pairs(cast, 1)
    cast.pairing.mentee.name = "马\ue000"
    cast.pairing.mentee.save()
    with pytest.raises(glyphs.MissingGlyph):
        issuing.issue(cast.pairing, by=cast.county)
    assert (Certificate.objects.count(), Series.objects.count()) == (0, 0)
    assert issuing.issue(pairing, by=cast.county).number == 1


def test_the_page_says_which_character_is_missing(cast, signed_in, bare_machine):
    cast.pairing.mentee.name = "马𠮷"
    cast.pairing.mentee.save()
    client = signed_in(cast.county)
    response = client.post(f"/certificates/pairings/{cast.pairing.pk}/issue/")
    assert response.status_code == 409
    assert "服务器上的字体都没有“𠮷”（U+20BB7）字" in response.text
    assert Certificate.objects.count() == 0
