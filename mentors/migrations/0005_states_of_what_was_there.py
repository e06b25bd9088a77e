"""Every appointment gets the state that its days say, and the events that say it as well.

The strengths are the ones that are named where such schemes are described; offices add their own.
"""

import datetime as dt

from django.db import migrations
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

STRENGTHS = (
    "方言沟通",
    "矛盾调解",
    "群众工作",
    "基层党建",
    "项目推进",
    "产业发展",
    "招商引资",
    "应急处置",
    "村务管理",
    "文稿写作",
)
CHINA = dt.timezone(dt.timedelta(hours=8))


def settle(apps, schema_editor):
    mentor = apps.get_model("mentors", "Mentor")
    event = apps.get_model("mentors", "MentorEvent")
    strength = apps.get_model("mentors", "Strength")
    for position, name in enumerate(STRENGTHS, 1):
        strength.objects.get_or_create(name=name, defaults={"position": position * 10})

    mentor.objects.exclude(to_on=None).update(state="ended")
    of_mentor = mentor.objects.filter(pk=OuterRef("mentor"))
    began = event.objects.filter(verb__in=["appoint", "import"])
    began.update(on=Subquery(of_mentor.values("from_on")[:1]), to_state="in_office")
    event.objects.filter(verb="end").update(
        on=Coalesce(Subquery(of_mentor.values("to_on")[:1]), TruncDate("at", tzinfo=CHINA)),
        from_state="in_office",
        to_state="ended",
    )
    event.objects.filter(verb="edit").update(
        on=TruncDate("at", tzinfo=CHINA), from_state="in_office", to_state="in_office"
    )
    # Some were entered without a word of who did it: their days are known all the same.
    silent = mentor.objects.exclude(events__verb__in=["appoint", "import"])
    _add(event, silent, lambda row: {"verb": "appoint", "on": row.from_on, "to_state": "in_office"})
    unended = mentor.objects.filter(state="ended").exclude(events__verb="end")
    _add(
        event,
        unended,
        lambda row: {
            "verb": "end",
            "on": row.to_on,
            "from_state": "in_office",
            "to_state": "ended",
            "reason": row.end_reason,
        },
    )


def _add(event, rows, fields):
    made = [event(mentor=row, at=row.created_at, **fields(row)) for row in rows.iterator()]
    event.objects.bulk_create(made, batch_size=1_000)


def unsettle(apps, schema_editor):
    """A proposal has no place in the older table: it stands there as one that came to nothing."""
    mentor = apps.get_model("mentors", "Mentor")
    day = Coalesce(F("to_on"), TruncDate("created_at", tzinfo=CHINA))
    mentor.objects.filter(Q(from_on=None)).update(from_on=day, to_on=day)


class Migration(migrations.Migration):
    dependencies = [("mentors", "0004_mentor_states")]

    operations = [migrations.RunPython(settle, unsettle)]
