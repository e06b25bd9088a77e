"""Setting an assignment: for one pair, or the same for several of one mentor's pairs at once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accounts.models import User
from activities.entering import Closed, may_enter
from activities.models import Assignment, AssignmentTemplate
from core.models import uuid7
from core.once import once
from pairings.models import Pairing
from pairings.states import Actor, State


def own_pairs(user: User) -> list[Pairing]:
    """The pairs for which a mentor may set assignments now, by the mentees' names."""
    return list(_by_name(Pairing.objects.filter(mentor_cadre__user=user)))


def beside(pairing: Pairing, user: User) -> list[Pairing]:
    """The mentor's other pairs for which this user may set assignments now."""
    rows = Pairing.objects.visible_to(user).filter(mentor_cadre=pairing.mentor_cadre_id)
    rows = _by_name(rows.exclude(pk=pairing.pk))
    return [row for row in rows if may_enter("assignment", row, user)]


def _by_name(rows: Any) -> Any:
    return rows.filter(state=State.ACTIVE).for_detail().order_by("mentee__pinyin", "pk")


def set_for(
    pairs: Sequence[Pairing],
    *,
    by: User,
    key: uuid.UUID | None,
    title: str,
    body: str,
    due_on: dt.date,
) -> Assignment:
    """Set it for all of the pairs or for none; the first of the rows.

    Several have one `set_together`. The first carries the form's key, so that the form sent
    again finds what it made. Raises Closed when one of the pairs takes no records now; their
    rows are held, in one order for everybody, until all is written.
    """
    together = uuid7() if len(pairs) > 1 else None

    def make() -> Assignment:
        rows = Pairing.objects.filter(pk__in=[pairing.pk for pairing in pairs]).order_by("pk")
        locked = rows.select_for_update(of=("self",), no_key=True)
        if sum(pairing.allows_records for pairing in locked) < len(pairs):
            raise Closed
        made = [
            Assignment.objects.create(
                pairing=pairing,
                title=title,
                body=body,
                due_on=due_on,
                set_together=together,
                is_on_behalf=pairing.side_of(by) is None,
                created_by=by,
                client_key=None if number else key,
            )
            for number, pairing in enumerate(pairs)
        ]
        return made[0]

    return once(Assignment, by=by, key=key, make=make)


def set_together(number: uuid.UUID, user: User) -> list[Assignment]:
    """Those set together, by the mentees' names; none unless the user sees them all.

    They are for the mentor and the office: a mentee never reads of the others, not even as a
    coordinator.
    """
    both = Assignment.objects.filter(set_together=number)
    rows = list(
        both.readable_by(user).for_list().order_by("pairing__mentee__pinyin", "pairing__mentee")
    )
    is_of_mentee = any(row.pairing.side_of(user) == Actor.MENTEE for row in rows)
    return [] if is_of_mentee or len(rows) < both.count() else rows


def filled(
    template: AssignmentTemplate,
    typed: Mapping[str, Any],
    offered: Iterable[AssignmentTemplate],
    today: dt.date,
) -> dict[str, Any]:
    """Title, task and due date of the form when this template is chosen.

    What somebody has typed is no template's, and is never lost: a title stays, a task follows
    below the template's.
    """
    others = list(offered)
    title, body = str(typed.get("title") or ""), str(typed.get("body") or "")
    is_own_title = bool(title.strip()) and title not in {one.title for one in others}
    is_own_body = bool(body.strip()) and _flat(body) not in {_flat(one.body) for one in others}
    return {
        "title": title if is_own_title else template.title,
        "body": f"{template.body}\n{body}".strip() if is_own_body else template.body,
        "due_on": today + dt.timedelta(days=template.days),
    }


def _flat(text: str) -> str:
    """A browser sends a text's lines with ends of its own."""
    return "\n".join(text.split("\r\n")).strip()
