"""The heart: a mentor, a mentee, a life with states."""

from pairings.models.event import PairingEvent
from pairings.models.pairing import Method, Pairing, PairingQuerySet, StaleMove
from pairings.models.policy import PRESET_BASIS, Policy

__all__ = [
    "PRESET_BASIS",
    "Method",
    "Pairing",
    "PairingEvent",
    "PairingQuerySet",
    "Policy",
    "StaleMove",
]
