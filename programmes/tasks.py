"""What Celery starts: one line each to work that may be done again."""

from celery import shared_task

from programmes import assigning
from programmes.running import close_windows


@shared_task(name="programmes.tasks.sweep")
def sweep() -> None:
    close_windows()


@shared_task(name="programmes.tasks.assign")
def assign(run_id: str) -> None:
    assigning.run(run_id)


@shared_task(name="programmes.tasks.resume")
def resume() -> None:
    """Assignments that nobody works on."""
    for run_id in assigning.left_alone():
        assigning.run(run_id)
