"""What a pair's handbook prints, gathered from rows that the reader may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from handbooks.recording import entries
from handbooks.scope import told_of
from handbooks.wording import day_in_words, month_in_words, term
from pairings.models import Pairing
from plans.models import Plan
from plans.states import State


def gather(
    pairing: Pairing, user: User, today: dt.date, *, with_photos: bool = False
) -> dict[str, Any]:
    """Texts alone, ready for the page: cover, pairs, plans, and months with their entries.

    After a change of mentor the earlier pairs are part of it, as far as the user sees them.
    Pictures stand in it by the ids of their attachments (handbooks.photos).
    """
    pairs = list(told_of(pairing, user).for_list().order_by("from_on", "pk"))
    return {
        "mentor": pairing.mentor_cadre.name,
        "mentee": pairing.mentee.name,
        "unit": str(pairing.unit),
        "term": term(pairing),
        "role": pairing.get_role_display(),
        "state": pairing.get_state_display(),
        "printed_on": day_in_words(today),
        "pairs": [_pair(row) for row in pairs],
        "plans": _plans(pairs),
        "months": _months(pairs, user, with_photos),
    }


def _pair(row: Pairing) -> list[str]:
    lines = [
        f"导师：{row.mentor_cadre.name}（{row.mentor_cadre.unit}）",
        f"帮带对象：{row.mentee.name}（{row.mentee.unit}）",
        f"角色：{row.get_role_display()}；期限：{term(row)}",
        f"状态：{row.get_state_display()}",
    ]
    if row.ceremony_on:
        lines.append(f"拜师仪式：{day_in_words(row.ceremony_on)}")
    if row.ended_on:
        reason = f"，{row.why_ended}" if row.why_ended else ""
        lines.append(f"结束：{day_in_words(row.ended_on)}{reason}")
    return lines


def _plans(pairs: list[Pairing]) -> list[dict[str, Any]]:
    """Those agreed to, in the order of the pairs: a draft is nobody's word yet."""
    rows = Plan.objects.filter(pairing__in=pairs, agreed_at__isnull=False)
    rows = rows.prefetch_related("steps", "events")
    by_pair = {plan.pairing_id: plan for plan in rows}
    found = []
    for pair in pairs:
        if pair.pk in by_pair and (plan := _plan(by_pair[pair.pk])) is not None:
            title = f"导师{pair.mentor_cadre.name}，{term(pair)}" if len(pairs) > 1 else ""
            found.append({"title": title, **plan})
    return found


def _plan(plan: Plan) -> dict[str, Any] | None:
    if plan.state != State.AGREED:
        return _as_agreed(plan)
    steps = sorted(plan.steps.all(), key=lambda step: step.month or "9999")
    return {
        "goals": plan.goals,
        "state": plan.get_state_display(),
        "steps": [
            f"{month_in_words(step.month)}　{step.text}（{step.get_state_display()}"
            + (f"：{step.reason}）" if step.reason else "）")
            for step in steps
        ],
    }


def _as_agreed(plan: Plan) -> dict[str, Any] | None:
    """While a plan is written anew, the words that both agreed to last."""
    last = next((event for event in reversed(plan.events.all()) if event.agreed), None)
    if last is None or last.agreed is None:
        return None
    steps = [f"{month_in_words(month)}　{text}" for month, _method, text in last.agreed["steps"]]
    return {
        "goals": last.agreed["goals"],
        "state": "正在修改，以下为双方最近一次同意的内容",
        "steps": steps,
    }


def _months(pairs: list[Pairing], user: User, with_photos: bool) -> list[dict[str, Any]]:
    months: dict[str, list[dict[str, Any]]] = {}
    for entry in entries(pairs, user, with_photos=with_photos):
        day = entry.day
        months.setdefault(f"{day.year}年{day.month}月", []).append(
            {
                "title": f"{day.month}月{day.day}日　{entry.title}",
                "lines": entry.lines,
                "photos": entry.photos,
            }
        )
    return [{"month": month, "entries": rows} for month, rows in months.items()]
