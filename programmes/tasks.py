"""What Celery starts: one line to an idempotent sweep."""

from celery import shared_task

from programmes.running import close_windows


@shared_task(name="programmes.tasks.sweep")
def sweep() -> None:
    close_windows()
