import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import inert, person_name, squeeze


@pytest.mark.parametrize("dot", list("·•‧∙・･⋅●"))
def test_every_separator_of_names_becomes_one(dot):
    assert person_name(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


def test_blanks_inside_a_name_go():
    assert person_name(" 王　伟 ") == "王伟"


def test_rare_characters_stay_what_they_are():
    # Compatibility forms would be replaced by look-alikes if names were normalised (NFKC).
    for name in ("沈㛃", "李𬱖", "陈𠮷", "郎凉"):
        assert person_name(name) == name


def test_full_width_letters_and_digits_become_plain():
    assert squeeze("　ＡＢＣ１２３　ｘ ") == "ABC123 x"


@given(st.text())
def test_no_cell_begins_like_a_formula(text):
    assert not str(inert(text)).startswith(("=", "+", "-", "@", "\t", "\r"))
