"""帮带六法: the six methods, and the short form of each, as data.

A method asks for one thing, its topic under the word that fits; all else may stay empty, since
a record must take under two minutes (domain §3). What the words of the six are in other places
is an open list: `also` is added to, never asked.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """帮带六法."""

    ASSIGNMENT = "assignment", _("setting an assignment")
    ON_SITE = "on_site", _("on-site teaching")
    PRACTICE = "practice", _("hands-on practice")
    SCENARIO = "scenario", _("scenario rehearsal")
    CASE = "case", _("case dissection")
    REVIEW = "review", _("after-action review")


class Part(NamedTuple):
    """One field of a method's short form, kept in `Session.details` under its name."""

    name: str
    label: Any
    length: int = 500  # characters
    rows: int = 2


class ShortForm(NamedTuple):
    topic: Any  # what the topic is called
    parts: tuple[Part, ...] = ()
    also: tuple[str, ...] = ()  # what the method is called elsewhere


TOPIC = _("topic")
SHORT_FORMS: dict[str, ShortForm] = {
    # The due date is the assignment's own: it is kept there, not in the details.
    Method.ASSIGNMENT: ShortForm(_("task"), also=("交任务", "交作业", "压担子")),
    Method.ON_SITE: ShortForm(
        _("matter taught"),
        (Part("place", _("place"), 100, 1), Part("shown", _("what was shown"))),
        ("实地教学", "现场讲解", "传帮带到现场"),
    ),
    Method.PRACTICE: ShortForm(
        _("matter handed over"),
        (
            Part("authority", _("authority given"), rows=1),
            Part("safety_net", _("safety net"), rows=1),
        ),
        ("放手锻炼", "实战锻炼"),
    ),
    Method.SCENARIO: ShortForm(
        _("scenario"), (Part("roles", _("roles played")),), ("情景演练", "模拟推演")
    ),
    Method.CASE: ShortForm(
        _("case"),
        (Part("causes", _("causes found")), Part("lesson", _("lesson"))),
        ("案例分析", "案例剖析"),
    ),
    Method.REVIEW: ShortForm(
        _("matter looked back on"),
        (Part("gap", _("gap found")), Part("next_step", _("what is to be done next"))),
        ("复盘", "回头看", "复盘总结"),
    ),
}


def short_form(method: str) -> ShortForm:
    return SHORT_FORMS.get(method) or ShortForm(TOPIC)


def checked(method: str, details: dict[str, str]) -> dict[str, str]:
    """The details that say something; ValueError for a part that the method does not have."""
    lengths = {part.name: part.length for part in short_form(method).parts}
    kept = {name: text.strip() for name, text in details.items() if text.strip()}
    for name, text in kept.items():
        if len(text) > lengths.get(name, 0):
            raise ValueError(f"{method}: {name} is unknown or too long")
    return kept


def also_called() -> dict[str, str]:
    """Every other word for a method, and the method that it means."""
    return {word: method for method, form in SHORT_FORMS.items() for word in form.also}


def called(text: str) -> list[str]:
    """The methods that are called so: by code, by name or another word, or the beginning of it.

    Of a code all of it, since initials of names are typed in the same letters; a single
    character is the beginning of too much.
    """
    typed = text.strip()
    if typed in Method.values:
        return [typed]
    words = {str(method.label): str(method) for method in Method} | also_called()
    found = (method for word, method in words.items() if word.startswith(typed))
    return list(dict.fromkeys(found)) if len(typed) > 1 else []
