"""Moved to core.masking; kept for an evening."""

from core.masking import MaskedText, masked

__all__ = ["MaskedText", "masked"]
