"""Codes in words."""

from __future__ import annotations

from django import template

from cadres import codes

register = template.Library()


@register.filter
def code(value: str, table: str) -> str:
    """`{{ cadre.ethnicity|code:"ethnicity" }}`: the word for a code, nothing for a blank one."""
    return codes.name(table, value)
