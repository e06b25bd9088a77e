"""What Celery starts: one line to an idempotent sweep."""

from celery import shared_task

from snapshots import ordering


@shared_task(name="snapshots.tasks.sweep")
def sweep() -> None:
    ordering.sweep()
