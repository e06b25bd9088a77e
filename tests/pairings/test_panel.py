"""A person's pairs on both sides, for the page of the person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import make_cadre, make_mentor, make_pairing

D = dt.date


def panel(client, cadre, **query):
    return client.get(reverse("pairings:panel", args=[cadre.pk]), query)


def words(response) -> str:
    return " ".join(response.text.split())


def sides(response):
    found = response.context["pairs"]
    return [[str(line.pairing) for line in side] for side in (found.as_mentor, found.as_mentee)]


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
    assert response.context["pairs"].elsewhere == 1


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
    assert len(response.context["pairs"].as_mentor) == number


def test_each_pair_says_its_role_state_and_days_the_newest_first(cast, tree, signed_in):
    older = make_mentor(cadre=make_cadre(unit=tree.dipu, name="早年师"))
    make_pairing(
        mentor=older, mentee=cast.mentee_row, state="completed", role="life",
        from_on=D(2022, 3, 1), to_on=D(2024, 2, 29), ended_on=D(2024, 2, 20),
    )  # fmt: skip
    response = panel(signed_in(cast.county), cast.mentee_row)
    assert sides(response) == [[], ["褚师傅 → 马徒弟", "早年师 → 马徒弟"]]
    text = words(response)
    for said in ("生活导师", "已出师", "2022年3月1日", "2024年2月20日"):
        assert text.count(said) >= 1, said
    assert "2024年2月29日" not in text


def test_a_change_of_mentor_leads_to_the_pair_before_where_it_may_be_seen(cast, tree, signed_in):
    first = make_mentor(cadre=make_cadre(unit=tree.dipu, name="前任师"))
    before = make_pairing(
        mentor=first, mentee=cast.mentee_row, state="terminated",
        from_on=D(2025, 3, 1), to_on=D(2026, 2, 28), ended_on=D(2026, 2, 28),
    )  # fmt: skip
    type(before).objects.filter(pk=cast.pairing.pk).update(succeeds=before)
    own = panel(signed_in(cast.county), cast.mentor_row.cadre)
    assert f'href="/pairings/{before.pk}/"' in own.text
    assert "接续" in own.text
    # The mentor sees the own pair, not the one before it.
    own = panel(signed_in(cast.mentor), cast.mentor_row.cadre)
    assert sides(own) == [["褚师傅 → 马徒弟"], []]
    assert "前任师" not in own.text


def test_as_of_a_past_day_pairs_stand_as_they_stood_then(cast, tree, signed_in):
    cast.pairing.events.update(on=D(2026, 3, 1))
    cast.pairing.events.create(
        verb="complete", from_state="active", to_state="completed", on=D(2026, 9, 1)
    )
    type(cast.pairing).objects.update(state="completed", ended_on=D(2026, 9, 1))
    later = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="后来师"))
    make_pairing(mentor=later, mentee=cast.mentee_row, from_on=D(2026, 10, 1))
    client = signed_in(cast.county)
    assert sides(panel(client, cast.mentee_row))[1] == ["后来师 → 马徒弟", "褚师傅 → 马徒弟"]
    then = panel(client, cast.mentee_row, as_of="2026-05-01")
    assert sides(then)[1] == ["褚师傅 → 马徒弟"]
    assert then.context["pairs"].as_mentee[0].pairing.state == "active"
    assert "截至2026年5月1日（含当日）" in words(then)
    assert sides(panel(client, cast.mentee_row, as_of="2026-02-28")) == [[], []]
    wrong = panel(client, cast.mentee_row, as_of="2999-01-01")
    assert wrong.status_code == 422
    assert sides(wrong)[1] == ["后来师 → 马徒弟", "褚师傅 → 马徒弟"]


def test_two_pairs_are_drawn_by_their_years_and_what_never_lived_is_not(cast, tree, signed_in):
    client = signed_in(cast.county)
    assert panel(client, cast.mentee_row).context["pairs"].bars == []
    older = make_mentor(cadre=make_cadre(unit=tree.dipu, name="早年师"), capacity=9)
    days = {"from_on": D(2022, 3, 1), "to_on": D(2024, 2, 29)}
    make_pairing(mentor=older, mentee=cast.mentee_row, state="completed", **days)
    make_pairing(mentor=older, mentee=cast.mentee_row, state="declined", **days)
    response = panel(client, cast.mentee_row)
    found = response.context["pairs"]
    assert list(found.years) == list(range(2022, 2028))
    assert [(bar.line.other.name, bar.first, bar.last, bar.lead, bar.span, bar.rest)
            for bar in found.bars] == [
        ("褚师傅", 2026, 2027, 4, 2, 0),
        ("早年师", 2022, 2024, 0, 3, 3),
    ]  # fmt: skip
    assert "各结对所跨年份" in response.text


def test_a_long_life_is_drawn_for_its_last_twelve_years(cast, tree, signed_in):
    older = make_mentor(cadre=make_cadre(unit=tree.dipu, name="早年师"), capacity=9)
    for first in (2004, 2014):
        make_pairing(
            mentor=older, mentee=cast.mentee_row, state="completed",
            from_on=D(first, 3, 1), to_on=D(first + 4, 2, 28),
        )  # fmt: skip
    found = panel(signed_in(cast.county), cast.mentee_row).context["pairs"]
    assert list(found.years) == list(range(2016, 2028))
    assert [(bar.first, bar.last, bar.lead, bar.span, bar.rest) for bar in found.bars] == [
        (2026, 2027, 10, 2, 0),
        (2016, 2018, 0, 3, 9),
    ]
