"""Handing in and judging: each form counts once, however often it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from accounts.models import User
from activities.entering import keep
from activities.files import Checked
from activities.models import Assignment, Review, Submission, Wrong
from core.models import Keyed
from core.once import once

Row = TypeVar("Row", bound=Keyed)


def hand_in(
    assignment: Assignment,
    *,
    by: User,
    text: str,
    files: Sequence[Checked] = (),
    key: uuid.UUID | None = None,
) -> Submission:
    """A submission with its files; Wrong when the assignment is not to be handed in now."""

    def make() -> Submission:
        made = Submission(text=text, client_key=key)
        assignment.hand_in(made, by=by)
        keep(files, made, by=by)
        return made

    return _once(Submission, by=by, key=key, make=make)


def review(
    assignment: Assignment,
    verb: str,
    *,
    by: User,
    comment: str,
    seen: Submission | None,
    key: uuid.UUID | None = None,
) -> Review:
    """A verdict on the submission that was read; Wrong when it is no longer the newest."""

    def make() -> Review:
        if verb != "withdraw" and seen is None:
            raise Wrong(verb)
        return assignment.review(verb, by=by, comment=comment, seen=seen, client_key=key)

    return _once(Review, by=by, key=key, make=make)


def _once(model: type[Row], *, by: User, key: uuid.UUID | None, make: Callable[[], Row]) -> Row:
    try:
        return once(model, by=by, key=key, make=make)
    except Wrong:
        # The same form's first sending may have moved the assignment a moment ago.
        made_before = model._default_manager.filter(created_by=by, client_key=key)
        if key is not None and (found := made_before.first()):
            return found
        raise
