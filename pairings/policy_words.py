"""A rule in words, and what one version changed of the one before."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from pairings.models import Policy
from pairings.policy_form import PolicyForm


class Fact(NamedTuple):
    label: str
    value: str


class Change(NamedTuple):
    label: str
    old: str
    new: str


class Version(NamedTuple):
    policy: Policy
    facts: list[Fact]
    changes: list[Change]
    is_first: bool


def facts(policy: Policy) -> list[Fact]:
    """The numbers of a rule in the order of a pair's life; always the same labels."""
    found = [Fact(_label(name), str(getattr(policy, name))) for name in PolicyForm.FORMING]
    found.append(Fact(_("Steps that a new pair needs"), _steps(policy)))
    found += [Fact(_label(name), str(getattr(policy, name))) for name in PolicyForm.RUNNING]
    found.append(Fact(_label("grades"), "、".join(policy.grades)))
    weights = "、".join(f"{label} × {weight}" for label, weight in policy.named_weights)
    return [*found, Fact(_label("weights"), weights)]


def versions(rows: list[Policy]) -> list[Version]:
    """Newest first, each with what it changed of the one before it in the list."""
    before = [*rows[1:], None] if rows else []
    return [
        Version(row, facts(row), changes(old, row) if old else [], old is None)
        for row, old in zip(rows, before, strict=True)
    ]


def changes(old: Policy, new: Policy) -> list[Change]:
    found = [
        Change(was.label, was.value, is_.value)
        for was, is_ in zip(facts(old), facts(new), strict=True)
        if was.value != is_.value
    ]
    if old.tables != new.tables:
        found.append(Change(_label("tables"), "", _("adjusted")))
    return found


def _steps(policy: Policy) -> str:
    taken = [_label(name) for name in PolicyForm.STEPS if getattr(policy, name)]
    return "、".join(taken) or _("none: a new pair is active at once")


def _label(name: str) -> str:
    return str(Policy._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
