"""Why pairs were terminated in a period: each pair in exactly one column."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pairings.states import Cause
from stats.shapes import Indicator

_DEFINITION = _(
    "Of the pairings terminated from %(period_from)s to %(as_of)s: by the cause that was chosen "
    "with the termination; what was written besides is not counted. Terminations entered before "
    "a cause was asked for stand under “not stated”."
)
_TITLES = [*((cause.value, cause.label) for cause in Cause), ("", _("not stated"))]


def endings(whole: Indicator) -> Iterator[Indicator]:
    """The terminations in the period, by cause."""
    for cause, title in _TITLES:
        yield Indicator(
            f"{whole.code}_{cause or 'unstated'}",
            title,
            _DEFINITION,
            whole.base,
            {**whole.where, "end_cause": frozenset({cause})},
            whole,
        )
