"""A field that picks a unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.picking import PickField
from units.models import Unit, UnitQuerySet


class UnitField(PickField):
    """One of the units that the form sets as `queryset`."""

    def __init__(self, units: UnitQuerySet | None = None, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages", {"invalid_choice": _("Choose a unit of the list within your scope.")}
        )
        units = Unit.objects.none() if units is None else units
        super().__init__(units, url_name="units:options", **kwargs)
