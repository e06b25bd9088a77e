"""Rosters of pairs: what an office has already, as a kind of roster (rosters.kinds)."""
