from __future__ import annotations

import uuid

import pytest

from papers import codes
from papers.codes import Code, Unreadable

CODE = Code(uuid.UUID("01933e5b-5f2a-7abc-8def-0123456789ab"), "2026-05", 2)


def test_a_code_says_pair_month_and_page():
    text = codes.text_of(CODE)
    assert (len(text), codes.read(text)) == (50, CODE)


def test_it_is_typed_as_people_type():
    text = codes.spaced(codes.text_of(CODE))
    assert [len(group) for group in text.split()] == [4] * 11 + [3]
    careless = text.lower().replace("0", "o").replace("1", "l").replace(" ", "-")
    assert codes.read(careless) == CODE


@pytest.mark.parametrize("place", range(3, 50))
def test_one_wrong_sign_anywhere_is_no_code(place):
    text = codes.text_of(CODE)
    other = "7" if text[place] != "7" else "8"
    with pytest.raises(Unreadable):
        codes.read(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "BD1", "https://example.org/", "U" * 47, "Z" * 47, "é" * 47])
def test_what_others_write_is_no_code(text):
    with pytest.raises(Unreadable):
        codes.read(text)


def test_a_code_signed_with_another_key_is_forged(settings):
    text = codes.text_of(CODE)
    settings.SECRET_KEY = "another installation"
    with pytest.raises(Unreadable):
        codes.read(text)


def test_paper_outlives_a_change_of_the_key(settings):
    text, old = codes.text_of(CODE), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [old]
    assert codes.read(text) == CODE
