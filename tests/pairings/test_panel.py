"""A person's pairs on both sides, for the page of the person."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_cadre, make_mentor, make_pairing


def panel(client, cadre):
    return client.get(reverse("pairings:panel", args=[cadre.pk]))


def sides(response):
    return [[str(row) for row in response.context[side]] for side in ("as_mentor", "as_mentee")]


def test_a_mentee_who_became_a_mentor_stands_on_both_sides(cast, tree, signed_in):
    second = make_mentor(cadre=cast.mentee_row)
    make_pairing(mentor=second, mentee=make_cadre(unit=tree.shangshu, name="徒孙"))
    response = panel(signed_in(cast.county), cast.mentee_row)
    assert sides(response) == [["马徒弟 → 徒孙"], ["褚师傅 → 马徒弟"]]


def test_a_pair_in_another_subtree_is_a_number_without_a_name(cast, tree, signed_in):
    far = make_cadre(unit=tree.dipu, name="外乡徒弟")
    make_pairing(mentor=cast.mentor_row, mentee=far)
    response = panel(signed_in(cast.township), cast.mentor_row.cadre)
    assert sides(response) == [["褚师傅 → 马徒弟"], []]
    assert "另有 1 对结对的帮带对象在其他单位" in response.text
    assert "外乡徒弟" not in response.text
    assert response.context["elsewhere"] == 1


def test_a_person_without_a_pair_has_an_empty_panel(cast, tree, signed_in):
    response = panel(signed_in(cast.township), make_cadre(unit=tree.shangshu))
    assert "尚未结对。" in response.text
    assert "褚师傅" not in response.text


def test_a_person_out_of_scope_has_no_panel(cast, signed_in):
    codes = [panel(signed_in(user), cast.mentee_row).status_code for user in (
        cast.other_county, cast.sibling, cast.stranger, cast.mentor, cast.mentee,
    )]  # fmt: skip
    assert codes == [404, 404, 404, 404, 200]


@pytest.mark.parametrize("number", [1, 3])
def test_the_panel_takes_the_same_queries_for_one_pair_and_three(
    cast, tree, signed_in, number, django_assert_num_queries
):
    for extra in range(number - 1):
        make_pairing(
            mentor=cast.mentor_row, mentee=make_cadre(unit=tree.liujiatang, name=f"学员{extra}")
        )
    client = signed_in(cast.county)
    # Session, user, grants, own register row; the person, the pairs, their number.
    with django_assert_num_queries(7):
        response = panel(client, cast.mentor_row.cadre)
    assert len(response.context["as_mentor"]) == number
