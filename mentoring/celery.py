"""The Celery app and its schedule. Tasks are one line each to an idempotent sweep."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds between sweeps. A sweep finds due work by `due <= now`: a missed tick loses nothing,
# an extra one repeats nothing.
app.conf.beat_schedule = {
    "remind": {"task": "reminders.tasks.remind", "schedule": 900.0, "options": {"expires": 900}},
    "deliver": {"task": "reminders.tasks.deliver", "schedule": 60.0, "options": {"expires": 60}},
    "rosters": {
        "task": "rosters.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Windows of wishes end with a day: the first tick after midnight closes them, whenever it is.
    "programmes": {
        "task": "programmes.tasks.sweep",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # So do substitutes.
    "substitutes": {
        "task": "pairings.tasks.lapse",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "papers": {"task": "papers.tasks.resume", "schedule": 60.0, "options": {"expires": 60}},
    "assignments": {
        "task": "programmes.tasks.resume",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "handbooks": {
        "task": "handbooks.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "reports": {
        "task": "snapshots.tasks.sweep",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    # Few counties have changed since the last look, so a reader counts few (stats.tallies).
    "figures": {"task": "stats.tasks.roll", "schedule": 15.0, "options": {"expires": 15}},
    "figures-at-night": {
        "task": "stats.tasks.night",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@worker_ready.connect
def catch_up(sender: Any, **kwargs: Any) -> None:
    """What fell due while nobody worked is not left until the next tick."""
    for entry in app.conf.beat_schedule.values():
        sender.app.send_task(entry["task"], **entry["options"])
