"""What a pair's handbook prints, gathered from rows that the reader may see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from activities.models import Assignment, Session, Visit
from pairings.models import Pairing
from pairings.succession import history_ids
from plans.models import Plan
from plans.states import State


def gather(pairing: Pairing, user: User, today: dt.date) -> dict[str, Any]:
    """Texts alone, ready for the page: cover, pairs, plan, and months with their entries.

    After a change of mentor the earlier pairs are part of it, as far as the user sees them.
    """
    seen = Pairing.objects.visible_to(user).filter(pk__in=history_ids(pairing))
    pairs = list(seen.for_list().order_by("from_on", "pk"))
    return {
        "mentor": pairing.mentor_cadre.name,
        "mentee": pairing.mentee.name,
        "unit": str(pairing.unit),
        "term": _term(pairing),
        "role": pairing.get_role_display(),
        "state": pairing.get_state_display(),
        "printed_on": _day(today),
        "pairs": [_pair(row) for row in pairs],
        "plan": _plan(pairing),
        "months": _months(pairs, user),
    }


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _month(month: str) -> str:
    """2026年3月 of "2026-03"; a step need not have one."""
    year, _dash, number = month.partition("-")
    return f"{year}年{int(number)}月" if number else "不定月"


def _term(pairing: Pairing) -> str:
    begins = _day(pairing.from_on)
    return f"{begins}至{_day(pairing.to_on)}" if pairing.to_on else f"{begins}起"


def _pair(row: Pairing) -> list[str]:
    lines = [
        f"导师：{row.mentor_cadre.name}（{row.mentor_cadre.unit}）",
        f"帮带对象：{row.mentee.name}（{row.mentee.unit}）",
        f"角色：{row.get_role_display()}；期限：{_term(row)}",
        f"状态：{row.get_state_display()}",
    ]
    if row.ceremony_on:
        lines.append(f"拜师仪式：{_day(row.ceremony_on)}")
    if row.ended_on:
        reason = f"，{row.end_reason}" if row.end_reason else ""
        lines.append(f"结束：{_day(row.ended_on)}{reason}")
    return lines


def _plan(pairing: Pairing) -> dict[str, Any] | None:
    """None where none was agreed: a draft is nobody's word yet."""
    plan = Plan.objects.filter(pairing=pairing, agreed_at__isnull=False).first()
    if plan is None:
        return None
    if plan.state != State.AGREED:
        return _as_agreed(plan)
    steps = sorted(plan.steps.all(), key=lambda step: step.month or "9999")
    return {
        "goals": plan.goals,
        "draft": plan.get_state_display(),
        "steps": [
            f"{_month(step.month)}　{step.text}（{step.get_state_display()}"
            + (f"：{step.reason}）" if step.reason else "）")
            for step in steps
        ],
    }


def _as_agreed(plan: Plan) -> dict[str, Any] | None:
    """While a plan is written anew, the words that both agreed to last."""
    last = plan.events.exclude(agreed=None).last()
    if last is None or last.agreed is None:
        return None
    return {
        "goals": last.agreed["goals"],
        "draft": "正在修改，以下为双方最近一次同意的内容",
        "steps": [f"{_month(month)}　{text}" for month, _method, text in last.agreed["steps"]],
    }


def _months(pairs: list[Pairing], user: User) -> list[dict[str, Any]]:
    entries = [*_sessions(pairs, user), *_visits(pairs, user), *_assignments(pairs, user)]
    entries.sort(key=lambda entry: entry[0])
    months: dict[str, list[dict[str, Any]]] = {}
    for day, title, lines in entries:
        shown = {"title": f"{day.month}月{day.day}日　{title}", "lines": lines}
        months.setdefault(f"{day.year}年{day.month}月", []).append(shown)
    return [{"month": month, "entries": rows} for month, rows in months.items()]


Entry = tuple[dt.date, str, list[str]]


def _sessions(pairs: list[Pairing], user: User) -> list[Entry]:
    return [
        (
            row.happened_on,
            f"帮带（{row.get_method_display()}）：{row.topic}",
            _said([(str(label), text) for label, text in row.parts] + [("内容", row.content)]),
        )
        for row in Session.objects.readable_by(user).filter(pairing__in=pairs).order_by("pk")
    ]


def _visits(pairs: list[Pairing], user: User) -> list[Entry]:
    rows = Visit.objects.readable_by(user).filter(pairing__in=pairs).select_related("place")
    return [
        (
            row.happened_on,
            f"走访：{row.where}，{row.get_visited_display()}，{row.people_count}"
            + ("，与导师同行" if row.is_with_mentor else ""),
            _said([("反映事项", row.asked), ("办理情况", row.done)]),
        )
        for row in rows.order_by("pk")
    ]


def _assignments(pairs: list[Pairing], user: User) -> list[Entry]:
    """By due date, with every verdict in its order."""
    rows = Assignment.objects.readable_by(user).filter(pairing__in=pairs)
    return [
        (
            row.due_on,
            f"作业：{row.title}（{row.get_state_display()}）",
            _said(
                [("要求", row.body)]
                + [("提交", one.text) for one in row.submissions.all()]
                + [
                    (f"批阅·{one.get_verdict_display()}", one.comment or "无评语")
                    for one in row.reviews.all()
                ]
            ),
        )
        for row in rows.prefetch_related("submissions", "reviews").order_by("pk")
    ]


def _said(parts: list[tuple[str, str]]) -> list[str]:
    return [
        f"{label}：{line}" if place == 0 else line
        for label, text in parts
        for place, line in enumerate(text.split("\n"))
        if text.strip()
    ]
