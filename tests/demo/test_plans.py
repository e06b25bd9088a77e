"""Templates and plans of the demo."""

import datetime as dt

import pytest

from core.months import month_of
from mentoring.demo import planning
from mentoring.demo.chance import Chance
from plans.models import Plan, PlanStep, PlanTemplate


@pytest.mark.parametrize("seed", [1, 2])
def test_active_pairs_have_plans_in_their_months(cast, tree, seed):
    today = dt.date(2026, 11, 24)
    made = planning.enter(tree.anji, cast.pairing, by=cast.county, chance=Chance(seed, today))
    assert (made, Plan.objects.count(), PlanTemplate.objects.count()) == (1, 1, 2)
    plan = Plan.objects.get()
    assert plan.state == "agreed"
    steps = PlanStep.objects.exclude(month="")
    assert not steps.filter(month__lt=month_of(cast.pairing.from_on)).exists()
    assert not steps.filter(state="done", month__gte=month_of(today)).exists()
