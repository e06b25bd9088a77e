"""The role of a mentor, where pairs are listed, filtered and told."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cadres.merging import CannotMerge, merge
from cadres.models import Mentee
from pairings.coverage import coverage_of
from pairings.models import Pairing
from tests.factories import make_cadre, make_mentor, make_pairing


@pytest.fixture
def life(cast, tree):
    """A life mentor of the cast's mentee."""
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1970-01"))
    return make_pairing(mentor=mentor, mentee=cast.mentee_row, role="life")


def badge(word):
    return f'<span class="state state-role">{word}</span>'


def test_a_badge_tells_every_role_but_the_lead(cast, life, signed_in):
    text = signed_in(cast.county).get("/pairings/").text
    assert text.count('class="state state-role"') == 1
    assert badge("生活导师") in text
    for pair, shown in ((life, True), (cast.pairing, False)):
        page = signed_in(cast.mentee).get(f"/pairings/{pair.pk}/").text
        assert (badge("生活导师") in page) is shown


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("life", ["宋师傅 → 马徒弟"]),
        ("lead", ["褚师傅 → 马徒弟"]),
        ("substitute", []),
        ("nonsense", ["宋师傅 → 马徒弟", "褚师傅 → 马徒弟"]),
    ],
)
def test_the_list_is_narrowed_to_a_role(cast, life, signed_in, role, names):
    page = signed_in(cast.county).get("/pairings/", {"role": role}).context["page"]
    assert [str(row) for row in page.rows] == names


def test_a_substitute_alone_does_not_pair_anybody(cast, life):
    Pairing.objects.filter(pk=cast.pairing.pk).update(state="terminated", ended_on="2026-11-01")
    today = timezone.localdate()
    assert coverage_of(Mentee.objects.all(), today).paired == 1
    Pairing.objects.filter(pk=life.pk).update(
        role="substitute", stands_in_for=cast.pairing, to_on=today
    )
    assert coverage_of(Mentee.objects.all(), today).paired == 0
    assert list(Pairing.objects.counted()) == [cast.pairing]


def test_two_records_with_a_lead_mentor_each_are_not_merged(cast, tree):
    second = make_cadre(unit=tree.shangshu, name="马徒弟", birth_month="1998-07")
    mentor = make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1970-01"))
    make_pairing(mentor=mentor, mentee=second)
    with pytest.raises(CannotMerge, match="结对"):
        merge(cast.mentee_row, second, take=frozenset(), reason="重复", by=cast.county, key=None)
    assert Pairing.objects.get(mentor=mentor).mentee == second


def test_another_page_chooses_the_role(cast, signed_in):
    address = f"/pairings/new/?mentee={cast.mentee_row.pk}&role=political"
    assert '<option value="political" selected>' in signed_in(cast.township).get(address).text


def test_a_suggested_mentor_is_chosen_for_the_change(cast, tree, signed_in):
    make_mentor(cadre=make_cadre(unit=tree.shangshu, name="宋师傅", birth_month="1970-01"))
    page = f"/mentees/of/{cast.mentee_row.pk}/mentors/"
    client = signed_in(cast.township)
    change = f"/pairings/{cast.pairing.pk}/change/"
    text = client.get(page, {"instead_of": str(cast.pairing.pk)}).text
    assert f'href="{change}?mentor=' in text
    for given in ({}, {"instead_of": "x"}):
        assert 'href="/pairings/new/?mentor=' in client.get(page, given).text
