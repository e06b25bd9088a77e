"""An existing row for every address of this room that names one."""

from __future__ import annotations

from tests.plans.made import make_agreed, make_template


def row_urls(cast) -> dict[str, dict]:
    plan = make_agreed(cast)
    one = {"pk": cast.pairing.pk}
    template = {"pk": make_template(unit=cast.pairing.county).pk}
    return {
        "plans:detail": one,
        "plans:panel": one,
        "plans:start": one,
        "plans:edit": one,
        "plans:move": {**one, "verb": "revise"},
        "plans:step": {"pk": plan.steps.first().pk, "verb": "done"},
        "plans:template_edit": template,
        "plans:template_withdraw": template,
    }
