"""What a pair means to do: its plan with steps and events, and the templates of units."""

from plans.models.plan import Plan, PlanEvent, PlanStep, StaleMove
from plans.models.template import PlanTemplate, TemplateEvent, TemplateStep

__all__ = [
    "Plan",
    "PlanEvent",
    "PlanStep",
    "PlanTemplate",
    "StaleMove",
    "TemplateEvent",
    "TemplateStep",
]
