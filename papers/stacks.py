"""What came of a stack, page by page, in words for who handed it in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from accounts.models import User
from pairings.models import Pairing
from papers.models import Stack
from papers.states import State


def outcome(stack: Stack, user: User) -> dict[str, Any]:
    """Counts by state, what waits, and every page; a pair is named while the user sees it."""
    pages = list(stack.pages.order_by("position"))
    asked = {page.pairing_id for page in pages}
    visible = Pairing.objects.visible_to(user).for_list().in_bulk(asked - {None})
    numbers = Counter(page.state for page in pages)
    return {
        "counts": [(State(state).label, numbers[state]) for state in State if numbers[state]],
        "waiting": [page for page in pages if page.state == State.WAITING],
        "pages": [(page, visible.get(page.pairing_id)) for page in pages],
    }
