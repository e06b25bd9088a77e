"""Every figure a second way: plain Python over all rows, without the code under test."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from django.utils import timezone

from activities.models import Assignment, Session, Visit
from cadres.models import Mentee, Posting
from certificates.models import Certificate
from mentors.models import Mentor
from pairings.models import Pairing, PairingEvent
from units.models import Unit

LISTED = {"province", "city", "county", "township", "village", "zone"}
RUNNING = {"active", "suspended"}
WAITING = {"proposed", "mentor_agreed", "mentee_agreed", "agreed"}
BEGUN = {*RUNNING, "completed", "terminated"}
GRADUATES = {"11", "14", "21"}


def figures(unit: Unit, as_of: dt.date, start: dt.date, age: int) -> dict[str, Counter]:
    """Counts by the key of the row (`total`, `own`, a child's id) and the figure's code."""
    found: dict[str, Counter] = defaultdict(Counter)
    place = _places(unit)

    def count(where: int, *codes: str) -> None:
        if where in place:
            for key in ("total", place[where]):
                found[key].update(codes)

    posts = _main_posts(as_of)
    now, before = _states(as_of), _states(start - dt.timedelta(days=1))
    pairs = list(Pairing.objects.exclude(role="substitute").select_related("mentee"))
    mentees = {pair.mentee_id for pair in pairs if now.get(pair.pk) in RUNNING}
    entries = _entries(as_of)
    for post in posts.values():
        _count_person(post, as_of, age, post.cadre_id in mentees, entries, count)
    heirs, thirds = _lineage(pairs, now)
    for mentor in _appointments(as_of).values():
        count(mentor.unit_id, *(f"mentors_{trait}" for trait in _traits(mentor.cadre, as_of)))
        codes = ["mentors_once_mentees"] * (mentor.cadre_id in heirs)
        codes += ["mentors_third_generation"] * (mentor.cadre_id in thirds)
        count(mentor.unit_id, "mentors", f"mentors_category_{mentor.category_id}", *codes)
    quiet = _quiet(as_of)
    for pair in pairs:
        _count_pair(pair, now.get(pair.pk), before.get(pair.pk), posts, entries, count)
        if now.get(pair.pk) == "active" and pair.pk in quiet:
            count(pair.unit_id, "pairs_silent")
    for session in Session.objects.filter(happened_on__gte=start, happened_on__lte=as_of):
        count(session.unit_id, "sessions", f"sessions_{session.method}")
    for visit in Visit.objects.all():
        if start <= visit.happened_on <= as_of:
            count(visit.unit_id, "visits", *["visits_together"] * visit.is_with_mentor)
    for task in Assignment.objects.all():
        if start <= timezone.localdate(task.created_at) <= as_of:
            count(task.unit_id, "assignments_set")
        if task.decided_at and start <= timezone.localdate(task.decided_at) <= as_of:
            count(task.unit_id, "assignments_accepted")
        if start <= task.due_on <= as_of:
            count(task.unit_id, *_due(task, as_of))
    for paper in Certificate.objects.all():
        is_void = paper.voided_at and timezone.localdate(paper.voided_at) <= as_of
        if start <= paper.issued_on <= as_of and not is_void:
            count(paper.unit_id, f"certificates_{paper.kind}")
    return found


def _due(task: Assignment, as_of: dt.date) -> list[str]:
    """What a task due in the period counts as."""
    withdrawn = [review for review in task.reviews.all() if review.verdict == "withdrawn"]
    if any(timezone.localdate(review.created_at) <= as_of for review in withdrawn):
        return []
    if timezone.localdate(task.created_at) > as_of:
        return []
    days = sorted(timezone.localdate(made.created_at) for made in task.submissions.all())
    if not days or days[0] > as_of:
        return ["assignments_due", "assignments_not_yet"]
    late = "late" if days[0] > task.due_on else "in_time"
    return ["assignments_due", f"assignments_{late}"]


def _quiet(as_of: dt.date) -> set:
    """Pairs with a term of which nothing is known in the last sixty days and before."""
    heard = defaultdict(list)
    for row in [*Session.objects.all(), *Visit.objects.all()]:
        heard[row.pairing_id].append(row.happened_on)
    for event in PairingEvent.objects.filter(to_state="active"):
        heard[event.pairing_id].append(event.on)
    found = set()
    for pair in Pairing.objects.exclude(to_on=None):
        days = [pair.from_on, *(day for day in heard[pair.pk] if day <= as_of)]
        if (as_of - max(days)).days > 60:
            found.add(pair.pk)
    return found


def _traits(who, day: dt.date) -> list[str]:
    """The group of each trait."""
    men = {"1": "1", "2": "2"}.get(who.gender, "none")
    party = who.political_status or "none"
    if party in {"04", "05", "06", "07", "08", "09", "10", "11"}:
        party = "parties"
    elif party not in {"none", "01", "02", "03", "12", "13"}:
        party = "other"
    staffing = who.staffing or "none"
    if staffing == "ours":
        staffing = "other"
    learnt = {who.education, who.later_education}
    levels = (("11", "doctor"), ("14", "master"), ("21", "bachelor"), ("31", "college"))
    level = "other" if learnt - {""} else "none"
    for code, title in reversed(levels):
        if code in learnt:
            level = title
    return [
        f"gender_{men}",
        f"age_{_band(who.birth_month, day)}",
        f"education_{level}",
        f"political_{party}",
        f"staffing_{staffing}",
    ]


def _band(birth_month: str, day: dt.date) -> str:
    if not birth_month:
        return "none"
    for last in (30, 35, 40, 45, 50, 55):
        if _is_young(birth_month, day, last):
            return str(last)
    return "56"


def _places(unit: Unit) -> dict[int, str]:
    """The row of every unit at or below this one, found by walking up from parent to parent."""
    units = {each.pk: each for each in Unit.objects.all()}
    rows = {}
    for each in units.values():
        step, below = each, None
        while step is not None and step.pk != unit.pk:
            step, below = units.get(step.parent_id), step
        if step is not None:
            rows[each.pk] = str(below.pk) if below and below.kind in LISTED else "own"
    return rows


def _latest(rows) -> dict:
    found = {}
    for row in sorted(rows, key=lambda row: (row.from_on or dt.date.min, row.pk)):
        found[row.cadre_id] = row
    return found


def _main_posts(day: dt.date) -> dict:
    return _latest(
        post
        for post in Posting.objects.filter(is_main=True).select_related("cadre")
        if (post.from_on is None or post.from_on <= day)
        and (post.to_on is None or post.to_on >= day)
        and (post.cadre.left_on is None or post.cadre.left_on >= day)
    )


def _appointments(day: dt.date) -> dict:
    return _latest(
        mentor
        for mentor in Mentor.objects.select_related("cadre")
        if mentor.from_on <= day and (mentor.to_on is None or mentor.to_on >= day)
    )


def _lineage(pairs, now) -> tuple[set, set]:
    """People taught before their first appointment, and those of them by a former mentee."""
    first = {}
    for mentor in Mentor.objects.exclude(from_on=None):
        first[mentor.cadre_id] = min(mentor.from_on, first.get(mentor.cadre_id, dt.date.max))
    begun = [pair for pair in pairs if now.get(pair.pk) in BEGUN]
    taught_on = defaultdict(list)
    for pair in begun:
        taught_on[pair.mentee_id].append(pair.from_on)
    lessons = [pair for pair in begun if pair.from_on < first.get(pair.mentee_id, dt.date.min)]
    thirds = {
        pair.mentee_id
        for pair in lessons
        if min(taught_on[pair.mentor_cadre_id], default=dt.date.max) < pair.from_on
    }
    return {pair.mentee_id for pair in lessons}, thirds


def _entries(day: dt.date) -> dict:
    """By person: the category on that day, and whether the person is exempt."""
    found = {}
    for entry in Mentee.objects.prefetch_related("exemptions"):
        if _holds(entry, day):
            away = any(_holds(exemption, day) for exemption in entry.exemptions.all())
            found[entry.cadre_id] = (entry.category_id, away)
    return found


def _holds(row, day: dt.date) -> bool:
    return (row.from_on or dt.date.min) <= day <= (row.to_on or dt.date.max)


def _states(day: dt.date) -> dict:
    found = {}
    for event in PairingEvent.objects.order_by("at", "pk"):
        if event.on <= day:
            found[event.pairing_id] = event.to_state
    return found


def _is_young(birth_month: str, day: dt.date, age: int) -> bool:
    if not birth_month:
        return False
    year, month = map(int, birth_month.split("-"))
    years = day.year - year - (day.month < month)
    return years <= age


def _count_person(post, as_of, age, is_mentee, entries, count) -> None:
    who = post.cadre
    groups = ["people", "mentees"] if is_mentee else ["people"]
    codes = list(groups)
    for group in groups:
        codes += [f"{group}_{trait}" for trait in _traits(who, as_of)]
        is_young = _is_young(who.birth_month, as_of, age)
        is_graduate = bool({who.education, who.later_education} & GRADUATES)
        codes += [f"{group}_young"] * is_young + [f"{group}_graduate"] * is_graduate
        codes += [f"{group}_young_graduate"] * (is_young and is_graduate)
    if is_mentee:
        codes.append(f"mentees_category_{entries.get(who.pk, ('none',))[0]}")
    if who.pk in entries:
        codes.append("mentees_registered")
        if entries[who.pk][1]:
            codes.append("mentees_exempt")
        else:
            codes.append("should_be_paired")
            codes.append("paired_of_should" if is_mentee else "not_yet_paired")
    count(post.unit_id, *codes)


def _count_pair(pair, now, before, posts, entries, count) -> None:
    codes = []
    if now in RUNNING:
        codes += ["pairs_running", f"pairs_{now}"]
        codes.append(f"pairs_category_{entries.get(pair.mentee_id, ('none',))[0]}")
        if pair.mentee_id not in posts:
            codes.append("pairs_unposted")
    if now in WAITING:
        codes.append("pairs_waiting")
    if now in {"completed", "terminated"}:
        codes.append(f"pairs_{now}")
        if before != now:
            codes.append(f"{now}_in_period")
            if now == "terminated":
                codes.append(f"terminated_in_period_{pair.end_cause or 'unstated'}")
    if now in {"declined", "withdrawn"}:
        codes.append("pairs_not_formed")
    if now in BEGUN and before not in BEGUN:
        codes += ["formed", *["mentor_changed"] * (pair.succeeds_id is not None)]
    count(pair.unit_id, *codes)
