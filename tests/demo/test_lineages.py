"""The demo's lines of teaching: three generations in some township, of invented people alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from accounts.models import User
from mentoring.demo import published, seeding
from mentors.models import Mentor
from pairings import lineage
from pairings.models import Pairing
from units.models import Unit

TODAY = dt.date(2026, 11, 23)


@pytest.mark.django_db
def test_a_township_has_three_generations_and_the_four_published_pairs_have_two():
    seeding.seed(mentors=160, mentees=360, seed=1, today=TODAY)
    user = User.objects.get(username="demo.shi")
    city = Unit.objects.get(code="330500000000")
    found = lineage.of_unit(city, user, TODAY)
    lineage.give_names(found.rows, user)
    longest = max(found.roots, key=lambda root: root.generations)
    assert longest.generations >= 3
    assert len({node.unit for node in longest.line()}) >= 1
    names = {name for pair in published.PAIRS for name in pair[:2]}
    shown = [root for root in found.roots if root.name in {pair[0] for pair in published.PAIRS}]
    assert sorted(root.generations for root in shown) == [2, 2, 2, 2]
    # Nobody was taught before their mentor was appointed, or appointed before being taught.
    heirs = Mentor.objects.filter(cadre__pairings_as_mentee__isnull=False)
    assert heirs.exists()
    assert not heirs.filter(cadre__name__in=names).exists()
    assert not Pairing.objects.filter(from_on__lt=F("mentor__from_on")).exists()
    for heir in heirs:
        assert all(pair.ended_on <= heir.from_on for pair in heir.cadre.pairings_as_mentee.all())
