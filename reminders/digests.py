"""One mail a working day and person at most, and so many a month: all new reminders in it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from reminders.models import MailChoice, Outbox, Reminder
from reminders.working_time import SHANGHAI, next_working_time, opening_on_or_after

KIND = "digest"
A_MONTH = 8  # mails a person and month; further reminders stand in the app alone
LINES = 20  # of one mail


class Mail(NamedTuple):
    to: str
    subject: str
    body: str


def gather(new: QuerySet[Reminder], now: dt.datetime) -> None:
    """Give each new reminder its place in the person's next mail that has not gone out.

    That is the mail of this working day, or of the next one when this day's is out already.
    To be called in the transaction that makes the reminders.
    """
    county_of = dict(new.values_list("user_id", "county_id"))
    waiting = set(readers(county_of))
    today = next_working_time(now)
    day_after = today.astimezone(SHANGHAI).date() + dt.timedelta(days=1)
    for slot in (today, opening_on_or_after(day_after)):
        day = slot.astimezone(SHANGHAI).date()
        _open_mails(waiting, day, slot, county_of)
        mails = Outbox.objects.select_for_update().filter(
            kind=KIND, user__in=waiting, day=day, done_at=None, claimed_until=None, tries=0
        )
        found = set(mails.values_list("user_id", flat=True))
        its_mail = Outbox.objects.filter(kind=KIND, user=OuterRef("user"), day=day).values("pk")
        new.filter(user__in=found).update(digest=Subquery(its_mail))
        waiting -= found


def readers(user_ids: object) -> QuerySet[User, int]:
    """Ids of those users who want the digest and have an address."""
    return (
        User.objects.filter(pk__in=user_ids, is_active=True)
        .exclude(mail_choice__wants_digest=False)
        .exclude(Q(email=""), Q(mail_choice=None) | Q(mail_choice__address=""))
        .values_list("pk", flat=True)
    )


def _open_mails(
    users: set[int], day: dt.date, slot: dt.datetime, county_of: dict[int, int]
) -> None:
    """A mail of that day for everybody who has none and whose month is not full."""
    # A mail that was closed untried had nothing left to say, and was never sent.
    sent_or_due = Outbox.objects.filter(
        Q(done_at=None) | Q(tries__gt=0),
        kind=KIND,
        user__in=users,
        day__gte=day.replace(day=1),
        day__lt=(day.replace(day=1) + dt.timedelta(days=32)).replace(day=1),
    )
    taken = dict(sent_or_due.order_by().values_list("user").annotate(Count("pk")))
    Outbox.objects.bulk_create(
        [
            Outbox(
                kind=KIND,
                user_id=user,
                county_id=county_of[user],
                day=day,
                dedupe_key=f"{KIND}:{user}:{day}",
                not_before=slot,
            )
            for user in sorted(users)
            if taken.get(user, 0) < A_MONTH
        ],
        ignore_conflicts=True,
    )


def compose(row: Outbox) -> Mail | None:
    """The mail as of now: reminders settled since are left out; None when nothing is left.

    Nothing either for somebody who has switched the mail off or whose account is closed.
    """
    user = row.user
    if user is None or not readers([user.pk]):
        return None
    reminders = list(
        Reminder.objects.open().visible_to(user).filter(digest=row).order_by("due_on", "pk")
    )
    if not reminders:
        return None
    count = len(reminders)
    lines = [_("%(name)s, this waits for you:") % {"name": user}, ""]
    for number, reminder in enumerate(reminders[:LINES], 1):
        lines += [f"{number}. {reminder.sentence}", f"   {settings.SITE_URL}{reminder.path}"]
    if count > LINES:
        lines += ["", _("And %(count)d more on the home page.") % {"count": count - LINES}]
    lines += [
        "",
        _("Everything at a glance: %(address)s") % {"address": f"{settings.SITE_URL}/"},
        _("At most %(number)d mails a month, never at night or on days off.") % {"number": A_MONTH},
        _("To switch the mails off: %(address)s")
        % {"address": settings.SITE_URL + reverse("reminders:settings")},
    ]
    subject = ngettext(
        "Mentoring: %(count)d matter waits for you",
        "Mentoring: %(count)d matters wait for you",
        count,
    ) % {"count": count}
    return Mail(_address(user), subject, "\n".join(lines))


def _address(user: User) -> str:
    choice = MailChoice.objects.filter(user=user).first()
    return (choice.address if choice else "") or user.email
