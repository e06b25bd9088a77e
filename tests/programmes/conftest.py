from __future__ import annotations

from tests.programmes.lists import listed

__all__ = ["listed"]
