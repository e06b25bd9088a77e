"""What waits for one person in the own pairs: a list of sources, each with its own few queries.

A new kind of work gets a function here and a line in SOURCES; the home page needs no word more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities import confirming
from activities.matters import carriers
from activities.models import Assignment, AssignmentState, OpenMatter
from cadres.models import Cadre
from calendars.models import PlannedMeeting
from core.months import month_of
from pairings.models import Pairing
from pairings.states import Actor
from plans.models import PlanStep
from programmes import wishing
from reminders import wording
from reminders.matters import MENTEE_OWES, MENTOR_OWES
from reminders.models import Rule

MOST = 30  # of one source
FEW = 10  # of what only is to be known
NEXT_MEETINGS = 5


class Todo(NamedTuple):
    """A line of the list, with one button. `act` names the part that draws another button."""

    sentence: str
    path: str
    since: dt.date | None = None  # the day from which it waits, or of the reminder
    reminder: UUID | None = None  # can be put aside when it is one
    is_late: bool = False
    is_notice: bool = False  # nothing to do at once: a silence, a term that ends
    button: str | Promise = _("Go")
    about: str = ""  # a second line, in small type
    act: str = ""  # "review" or "confirm"; see templates/reminders/_todo.html
    subject: Any = None  # what `act` is about


class More(NamedTuple):
    """What of a source is not in the list: how many, and where they all stand."""

    sentence: str
    path: str


class Person(NamedTuple):
    """Whose list it is; `pairs` are the own ones that have not ended."""

    user: User
    cadre: Cadre
    today: dt.date
    pairs: list[Pairing]


def of_person(person: Person) -> tuple[list[Todo], list[More]]:
    found = [line for source in SOURCES for line in source(person)]
    todos = [line for line in found if isinstance(line, Todo)]
    return todos, [line for line in found if isinstance(line, More)]


def _counted(rows: Any, most: int) -> list[Any]:
    """The first of these rows; each knows in `among` how many there are, without a query more."""
    return list(rows.annotate(among=Window(Count("pk")))[:most])


def _rest(shown: Sequence[Any], sentence: str | Promise, path: str) -> Iterator[More]:
    if shown and (count := shown[0].among - len(shown)):
        yield More(str(sentence) % {"count": count}, path)


def in_order(todos: Iterable[Todo], today: dt.date) -> list[Todo]:
    """What is late first, what only is to be known last; the oldest first in each."""
    return sorted(todos, key=lambda todo: (todo.is_notice, not todo.is_late, todo.since or today))


def wishes(person: Person) -> Iterator[Todo]:
    """The programmes that ask for wishes; said ones may still be changed."""
    for programme, side, has_said in wishing.open_to(person.cadre, person.today):
        sentence = (
            _("“%(title)s”: your wishes are saved, and may be changed until %(day)s.")
            if has_said
            else _("“%(title)s”: say whom you wish, until %(day)s.")
        )
        last = date_format(programme.wishes_to_on or person.today, "Y年n月j日")
        words = {"title": programme.title, "day": last}
        path = reverse("programmes:wish", args=[programme.pk, side, person.cadre.pk])
        yield Todo(str(sentence) % words, path, is_notice=has_said)


def pairs_to_confirm(person: Person) -> Iterator[Todo]:
    for pairing in person.pairs:
        as_mentor = pairing.side_of(person.user) == Actor.MENTOR
        if pairing.state not in (MENTOR_OWES if as_mentor else MENTEE_OWES):
            continue
        made = timezone.localdate(pairing.created_at)
        words: wording.Words = {
            "to": "mentor" if as_mentor else "mentee",
            "mentor": pairing.mentor_cadre.name,
            "mentee": pairing.mentee.name,
            "day": str(made),
        }
        sentence = wording.sentence(Rule.TO_CONFIRM, words)
        yield Todo(sentence, reverse("pairings:detail", args=[pairing.pk]), since=made)


def work_to_review(person: Person) -> Iterator[Todo | More]:
    rows = _counted(Assignment.objects.waiting_for(person.user).for_list(), MOST)
    for task in rows:
        late = _("handed in %(n)s days late") % {"n": task.days_late} if task.days_late else ""
        yield Todo(
            _words(task, Rule.ASSIGNMENT_DUE, to="mentor"),
            reverse("activities:assignment_detail", args=[task.pk]),
            since=timezone.localdate(task.handed_in_at),
            button=_("Review"),
            about=str(late),
            act="review",
            subject=task,
        )
    address = f"{reverse('activities:list')}?kind=assignment&state={AssignmentState.SUBMITTED}"
    yield from _rest(rows, _("%(count)d more assignments to review"), address)


def work_to_hand_in(person: Person) -> Iterator[Todo | More]:
    owed = Assignment.objects.at_work().to_hand_in().filter(pairing__mentee=person.cadre)
    rows = _counted(owed.for_list().order_by("due_on", "pk"), MOST)
    for task in rows:
        is_late = task.is_overdue(person.today)
        rule = Rule.ASSIGNMENT_OVERDUE if is_late else Rule.ASSIGNMENT_DUE
        yield Todo(
            _words(task, rule, to="mentee"),
            reverse("activities:assignment_detail", args=[task.pk]),
            is_late=is_late,
            button=_("Hand in"),
        )
    address = f"{reverse('activities:list')}?kind=assignment"
    yield from _rest(rows, _("%(count)d more assignments to hand in"), address)


def _words(task: Assignment, rule: str, *, to: str) -> str:
    words: wording.Words = {
        "to": to,
        "mentee": task.pairing.mentee.name,
        "title": task.title,
        "day": str(task.due_on),
    }
    return wording.sentence(rule, words)


def records_to_confirm(person: Person) -> Iterator[Todo]:
    for found in confirming.waiting_for(person.user, person.today):
        row = found.row
        about = f"{found.kind.name} · {date_format(row.happened_on, 'Y年n月j日')} · {row.pairing}"
        yield Todo(
            str(row),
            reverse(found.kind.detail, args=[row.pk]),
            since=timezone.localdate(row.created_at),
            about=" · ".join([about, str(_("on behalf"))] if row.is_on_behalf else [about]),
            act="confirm",
            subject=found,
        )


def meetings_to_come(person: Person) -> Iterator[Todo | More]:
    """The next planned meetings; one of today is there to be held, a later one to be known."""
    mine = PlannedMeeting.objects.filter(pairing__in=[pairing.pk for pairing in person.pairs])
    rows = _counted(mine.coming(person.today).for_list(), NEXT_MEETINGS)
    for meeting in rows:
        is_today = meeting.day == person.today
        as_mentor = meeting.pairing.side_of(person.user) == Actor.MENTOR
        partner = meeting.pairing.mentee if as_mentor else meeting.pairing.mentor_cadre
        day = str(_("Today")) if is_today else date_format(meeting.day, "Y年n月j日 l")
        when = f"{day} {meeting.time:%H:%M}" if meeting.time else day
        words = [str(_("planned meeting")), when, partner.name, meeting.place_text]
        yield Todo(
            meeting.topic,
            reverse("calendars:meeting", args=[meeting.pk]),
            since=None if is_today else meeting.day,
            is_notice=not is_today,
            button=_("Open"),
            about=" · ".join(word for word in words if word),
        )
    yield from _rest(rows, _("%(count)d more planned meetings"), reverse("calendars:month"))


def steps_of_the_month(person: Person) -> Iterator[Todo | More]:
    """What the plans of a mentor's pairs say for this month; a mentee's own stand below."""
    month, plan = month_of(person.today), _("plan of this month")
    rows = _counted(PlanStep.objects.for_mentor(person.user, month), FEW)
    for step in rows:
        yield Todo(
            step.text,
            reverse("plans:step", args=[step.pk, "done"]),
            since=person.today.replace(day=1),
            is_notice=True,
            button=_("Mark as done"),
            about=f"{plan} · {step.plan.pairing.mentee.name}",
        )
    address = reverse("plans:of_mentees")
    yield from _rest(rows, _("%(count)d more steps in the plans of this month"), address)


def matters_left_open(person: Person) -> Iterator[Todo | More]:
    """What visits left open, for the mentor to know and for the mentee to see to."""
    pairs = {pairing.pk: pairing for pairing in person.pairs if pairing.allows_records}
    carrier = carriers(pairs.values())
    left_open = OpenMatter.objects.of(carrier).open().for_list()
    rows = _counted(left_open.order_by("raised_on", "pk"), FEW)
    for matter in rows:
        pairing = pairs[carrier[matter.pairing_id]]
        as_mentor = pairing.side_of(person.user) == Actor.MENTOR
        partner = pairing.mentee if as_mentor else pairing.mentor_cadre
        yield Todo(
            matter.text,
            reverse("activities:matter_close", args=[pairing.pk, matter.pk]),
            since=matter.raised_on,
            is_notice=True,
            button=_("Mark as settled"),
            about=" · ".join([str(_("left open by a visit")), partner.name]),
        )
    address = reverse("activities:my_matters")
    yield from _rest(rows, _("%(count)d more open matters"), address)


Source = Callable[[Person], Iterable[Todo | More]]
SOURCES: tuple[Source, ...] = (
    wishes,
    pairs_to_confirm,
    work_to_review,
    work_to_hand_in,
    records_to_confirm,
    meetings_to_come,
    steps_of_the_month,
    matters_left_open,
)
