"""The organisation tree 单位, its history, and the rows that stand in it."""

from units.models.history import FormerName, UnitEvent, Verb
from units.models.kind import ADDABLE, CODES, PARENTS, SUCCESSORS, Kind
from units.models.placed import NONE, Placed, placed_models
from units.models.unit import PLACE, BadDay, NotNow, StillInUse, Unit, UnitQuerySet

__all__ = [
    "ADDABLE",
    "CODES",
    "NONE",
    "PARENTS",
    "PLACE",
    "SUCCESSORS",
    "BadDay",
    "FormerName",
    "Kind",
    "NotNow",
    "Placed",
    "StillInUse",
    "Unit",
    "UnitEvent",
    "UnitQuerySet",
    "Verb",
    "placed_models",
]
