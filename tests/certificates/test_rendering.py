from __future__ import annotations

import re

import pytest

from certificates import rendering
from certificates.rendering import qr_svg, render
from tests.certificates.making import make_facts, opened, words_of

MILLIMETRE = 72 / 25.4
FOLD = 148.5 * MILLIMETRE


def lines_of(page) -> list[tuple[str, float, float, float]]:
    """Each run of text with the left end of its base line and its size, in points."""
    lines = []

    def keep(text, outer, _inner, _font, size):
        if text.strip():
            lines.append((text.strip(), outer[4], outer[5], size))

    page.extract_text(visitor_text=keep)
    return lines


def test_the_letter_prints_every_fact_and_the_vow_on_record():
    assert words_of(render(make_facts())) == (
        "拜师帖"
        "愿执弟子之礼，谨遵师教，团结同事，刻苦钻研，增强本领"
        "弟子师父"
        "编号：安吉帖〔2026〕第0012号"
        "师父褚师傅安吉县上墅乡刘家塘村"
        "弟子马徒弟安吉县上墅乡"
        "期限2026年3月1日至2027年2月28日"
        "扫码验证"
        "安吉县（盖章处）2026年3月2日"
    )


def test_a_pairing_without_an_end_prints_its_beginning_alone():
    assert "期限2026年3月1日起扫码验证" in words_of(render(make_facts(to_on="")))


def test_it_is_one_a4_page_with_its_fonts_inside():
    reader = opened(render(make_facts()))
    [page] = reader.pages
    assert page.mediabox.width == pytest.approx(297 * MILLIMETRE, abs=0.1)
    assert page.mediabox.height == pytest.approx(210 * MILLIMETRE, abs=0.1)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = ["/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert embedded == [True] * 3
    assert reader.metadata.title == "拜师帖 安吉帖〔2026〕第0012号"
    assert b"pdfaid:part" in render(make_facts())  # PDF/A, for the archive


def test_the_same_facts_give_the_same_bytes():
    assert render(make_facts()) == render(make_facts())
    assert render(make_facts()) != render(make_facts(issued_on="2026-03-03"))


@pytest.mark.parametrize(
    "name", ["阿卜杜拉·买买提艾力·" * 4 + "阿卜杜拉·买买提", "晔", "古丽米热·" * 20]
)
def test_long_names_and_units_stay_on_the_page(name):
    unit = "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿合奇县哈拉布拉克乡社会治理综合服务中心" * 2
    person = {"name": name, "unit": unit[:100]}
    pdf = render(make_facts(mentor=person, mentee=person, issuer="双江拉祜族佤族布朗族傣族自治县"))
    [page] = opened(pdf).pages
    words = words_of(pdf)
    assert words.count(name + unit[:100]) == 2
    left = [line for line in lines_of(page) if line[1] < FOLD]
    people = [line for line in left if line[0] in name + unit[:100]]
    [term] = [y for text, _x, y, _size in left if text == "期限"]
    assert len(people) >= 4
    # The separator is narrow; every other character is as wide as its size.
    widths = [(len(text) - text.count("·") / 2) * size for text, _x, _y, size in people]
    assert max(line[1] + width for line, width in zip(people, widths, strict=True)) < FOLD
    assert term + 14 < min(y for _text, _x, y, _size in people)


def test_the_code_is_drawn_in_dark_on_nothing():
    svg = qr_svg("https://bangdai.example/certificates/v/AAAAAAAAAAAAAAAAAAAAAA/")
    assert re.search(r"<svg [^>]*width=\"33\" height=\"33\"", svg)
    assert svg != qr_svg("https://bangdai.example/certificates/v/AAAAAAAAAAAAAAAAAAAAAB/")


def test_the_code_that_is_printed_is_that_of_the_address_among_the_facts(monkeypatch):
    drawn = []

    def keep(address):
        drawn.append(address)
        return qr_svg(address)

    monkeypatch.setattr(rendering, "qr_svg", keep)
    facts = make_facts()
    other = make_facts(address=facts["address"].replace("A/", "B/"))
    assert rendering.render(facts) != rendering.render(other)
    assert drawn == [facts["address"], other["address"]]
