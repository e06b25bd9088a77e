"""What Celery starts: one line each to work that may be done again."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rosters import purging, working


@shared_task(name="rosters.tasks.work")
def work(batch_id: str) -> None:
    working.run(batch_id)


@shared_task(name="rosters.tasks.sweep")
def sweep() -> None:
    """Whatever nobody works on, and whatever is over."""
    for batch_id in working.left_alone():
        working.run(batch_id)
    purging.purge(timezone.now())
