"""Who sees which pair: it belongs to the mentee's unit, and to its two people."""

from __future__ import annotations

from pairings.models import Pairing
from tests.factories import make_cadre, make_mentor, make_pairing


def test_a_pair_is_seen_by_its_two_people_and_the_offices_above_the_mentee(cast, tree):
    elsewhere = make_pairing(
        mentor=make_mentor(cadre=make_cadre(unit=tree.yuyue, name="曹师傅")),
        mentee=make_cadre(unit=tree.yuyue, name="王徒弟"),
    )
    seen = {
        user.username: set(Pairing.objects.visible_to(user))
        for user in (
            cast.county, cast.township, cast.viewer, cast.mentor, cast.mentee,
            cast.other_county, cast.sibling, cast.stranger, cast.sysadmin, cast.auditor,
        )
    }  # fmt: skip
    assert seen == {
        **{key: {cast.pairing} for key in ("anji", "shangshu", "leader", "shifu", "tudi")},
        "deqing": {elsewhere},
        **{key: set() for key in ("dipu", "stranger", "sysadmin", "auditor")},
    }


def test_the_mentors_home_office_does_not_see_a_pair_with_a_mentee_elsewhere(cast, tree):
    mentee = make_cadre(unit=tree.dipu, name="外乡徒弟")
    across = make_pairing(mentor=cast.mentor_row, mentee=mentee)
    assert set(Pairing.objects.visible_to(cast.township)) == {cast.pairing}
    assert set(Pairing.objects.visible_to(cast.sibling)) == {across}
    assert set(Pairing.objects.visible_to(cast.county)) == {cast.pairing, across}
    assert set(Pairing.objects.visible_to(cast.mentor)) == {cast.pairing, across}
