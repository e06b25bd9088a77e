"""The sentence of a reminder: what waits, for whom, since or until when."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class Words(TypedDict, total=False):
    """What a sentence is filled with. `to` is the receiver's part in the matter."""

    to: str  # mentor, mentee, office, behalf, approve
    mentor: str
    mentee: str
    title: str
    number: int
    day: str  # ISO date


SENTENCES = {
    ("assignment_due", "mentee"): gettext_noop("Assignment %(title)s: hand it in by %(day)s."),
    ("assignment_due", "mentor"): gettext_noop("%(mentee)s handed in %(title)s: review it."),
    ("assignment_overdue", "mentee"): gettext_noop("Assignment %(title)s was due on %(day)s."),
    ("to_confirm", "mentor"): gettext_noop("Confirm your pairing with your mentee %(mentee)s."),
    ("to_confirm", "mentee"): gettext_noop("Confirm your pairing with your mentor %(mentor)s."),
    ("to_confirm", "behalf"): gettext_noop(
        "%(mentor)s and %(mentee)s: confirm for who has no sign-in."
    ),
    ("to_confirm", "approve"): gettext_noop(
        "%(mentor)s and %(mentee)s: confirmed as far as needed, approve."
    ),
    ("silent", "mentor"): gettext_noop("No record with your mentee %(mentee)s since %(day)s."),
    ("silent", "mentee"): gettext_noop("No record with your mentor %(mentor)s since %(day)s."),
    ("silent", "office"): gettext_noop("%(mentor)s and %(mentee)s: no record since %(day)s."),
    ("resume_due", "office"): gettext_noop(
        "%(mentor)s and %(mentee)s: suspended until %(day)s; resume or end the pair."
    ),
    ("published", "mentor"): gettext_noop(
        "“%(title)s” is published: you guide %(number)d, %(mentee)s."
    ),
    ("published", "mentor_confirms"): gettext_noop(
        "“%(title)s” is published: you guide %(number)d, %(mentee)s; please confirm each pair."
    ),
    ("published", "mentee"): gettext_noop("“%(title)s” is published: your mentor is %(mentor)s."),
    ("published", "mentee_confirms"): gettext_noop(
        "“%(title)s” is published: your mentor is %(mentor)s; please confirm."
    ),
    ("appointment_ends", "office"): gettext_noop(
        "%(mentor)s: the appointment as mentor ends on %(day)s; renew or end it."
    ),
    ("commented", "mentor"): gettext_noop(
        "Comments of %(day)s on records with your mentee %(mentee)s."
    ),
    ("commented", "mentee"): gettext_noop(
        "Comments of %(day)s on records with your mentor %(mentor)s."
    ),
    ("report", "office"): gettext_noop(
        "%(title)s is ready, as of %(day)s: check it and hand it in."
    ),
    ("expiring", "mentor"): gettext_noop("The term with your mentee %(mentee)s ends on %(day)s."),
    ("expiring", "mentee"): gettext_noop("The term with your mentor %(mentor)s ends on %(day)s."),
    ("expiring", "office"): gettext_noop("%(mentor)s and %(mentee)s: the term ends on %(day)s."),
}


def sentence(rule: str, words: Words) -> str:
    day = date_format(dt.date.fromisoformat(words["day"]), "Y年n月j日")
    return _(SENTENCES[rule, words["to"]]) % {**words, "day": day}
