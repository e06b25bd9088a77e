"""Plans of the demo: two templates of a county, agreed plans at different months, a draft."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from core.months import month_of, shift
from mentoring.demo.chance import Chance
from pairings.models import Pairing
from pairings.states import Role, State
from plans.models import Plan, PlanEvent, PlanStep, PlanTemplate, TemplateEvent
from plans.states import StepState
from units.models import Unit

PLANS = 40
_TEMPLATES = (
    (
        "新进乡镇干部一年培养计划",
        "熟悉乡情村情，学会做群众工作，能独立承办一项中心工作。",
        (
            (1, "", "师徒见面，议定培养目标"),
            (1, "on_site", "跟随导师走访联系村，认门认人"),
            (2, "assignment", "写一份村情调研报告"),
            (3, "on_site", "旁听一次村级议事会"),
            (4, "practice", "独立办结一件群众来访事项"),
            (5, "scenario", "情景模拟：矛盾纠纷调处"),
            (6, "review", "半年复盘，商定下半年重点"),
            (8, "case", "解剖一个村集体经济项目"),
            (10, "practice", "牵头组织一次村民代表会议"),
            (12, "review", "全年复盘，准备出师"),
            (None, "", "读完乡志和联系村村志"),
        ),
    ),
    (
        "村社新任职干部培养计划",
        "学会带班子、理村务、聚民心。",
        (
            (1, "on_site", "跟班学习党务村务公开"),
            (2, "practice", "主持一次支部主题党日"),
            (4, "case", "分析一起宅基地纠纷的处理经过"),
            (6, "review", "半年复盘"),
            (9, "practice", "牵头申报一个小微项目"),
            (12, "review", "全年复盘"),
        ),
    ),
)


def enter(county: Unit, shown: Pairing | None, *, by: User, chance: Chance) -> int:
    """Two templates, and plans of some active pairs of the county; how many plans."""
    templates = [_template(county, number, by) for number in range(len(_TEMPLATES))]
    pairs = Pairing.objects.filter(county=county, state=State.ACTIVE, to_on__isnull=False)
    pairs = pairs.exclude(role=Role.SUBSTITUTE).filter(from_on__lte=chance.today).order_by("-id")
    chosen = list(pairs[:PLANS])
    if shown is not None and shown not in chosen:
        chosen.append(shown)
    for number, pairing in enumerate(chosen):
        is_draft = number % 8 == 7 and pairing != shown
        template = templates[0] if pairing == shown else chance.choice(templates)
        _plan(pairing, template, by=by, chance=chance, is_draft=is_draft)
    return len(chosen)


def _template(county: Unit, number: int, by: User) -> PlanTemplate:
    title, goals, steps = _TEMPLATES[number]
    template = PlanTemplate.objects.create(unit=county, title=title, goals=goals, created_by=by)
    for month, method, text in steps:
        template.steps.create(number=month, method=method, text=text)
    TemplateEvent.objects.create(template=template, verb="create", created_by=by)
    return template


def _plan(
    pairing: Pairing, template: PlanTemplate, *, by: User, chance: Chance, is_draft: bool
) -> None:
    at = chance.moment(min(pairing.from_on + dt.timedelta(days=5), chance.today))
    agreed: dict[str, Any] = {} if is_draft else {"state": "agreed", "agreed_at": at}
    plan = Plan(
        id=chance.uuid_at(at), pairing=pairing, goals=template.goals, created_by=by, **agreed
    )
    plan.save()
    first, now = month_of(pairing.from_on), month_of(chance.today)
    last = month_of(pairing.to_on) if pairing.to_on else ""
    for step in template.steps.all():
        month = min(shift(first, step.number - 1), last or now) if step.number else ""
        is_done = not is_draft and "" < month < now and chance.random() < 0.85
        PlanStep.objects.create(
            id=chance.uuid_at(at), plan=plan, month=month, method=step.method, text=step.text,
            state=StepState.DONE if is_done else StepState.PLANNED,
        )  # fmt: skip
    PlanEvent.objects.create(
        plan=plan, verb="start", to_state="draft", version=1, reason=template.title, created_by=by
    )
