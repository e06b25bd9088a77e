"""What is compared of a mentor and a mentee, and how much each comparison weighs.

The weights belong to a policy (`Policy.weights`); these are an example and no office's rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feature(models.TextChoices):
    PLACES = "places", _("free places")
    CATEGORY = "category", _("fit of the categories")
    STRENGTHS = "strengths", _("strengths and needs")
    WORK_LINE = "work_line", _("same kind of unit")
    DISTANCE = "distance", _("distance of the units")
    AGE_GAP = "age_gap", _("age gap")
    EARLIER = "earlier", _("earlier pair (against)")
    SAME_UNIT = "same_unit", _("same unit (against)")
    WISHES = "wishes", _("wishes in a programme")


EXAMPLE: dict[str, int] = {
    Feature.PLACES: 1,
    Feature.CATEGORY: 3,
    Feature.STRENGTHS: 3,
    Feature.WORK_LINE: 1,
    Feature.DISTANCE: 3,
    Feature.AGE_GAP: 1,
    Feature.EARLIER: 2,
    Feature.SAME_UNIT: 2,
    Feature.WISHES: 5,
}
HEAVIEST = 10


def complete(stored: Mapping[str, int]) -> dict[str, int]:
    """A weight for every feature: the stored one, else the example's."""
    return {str(feature): int(stored.get(feature, EXAMPLE[feature])) for feature in Feature}
