"""What the list of a programme says to being checked, approved and published."""

from __future__ import annotations

from accounts.models import User
from programmes.models import Programme, ProgrammeEvent


def move(
    programme: Programme, verb: str, *, by: User, reason: str = "", document: str = ""
) -> ProgrammeEvent:
    return programme.move(verb, by=by, reason=reason, document=document)
