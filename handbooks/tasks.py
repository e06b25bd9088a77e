"""What Celery starts: one line each to work that may be done again."""

from celery import shared_task

from handbooks import many


@shared_task(name="handbooks.tasks.print_many")
def print_many(run_id: str) -> None:
    many.run(run_id)


@shared_task(name="handbooks.tasks.sweep")
def sweep() -> None:
    """Printings that nobody works on, and files whose time is over."""
    many.sweep()
