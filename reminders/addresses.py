"""Addresses of pages, by URL name."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The page's address, or the home page's where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse("reminders:home")
