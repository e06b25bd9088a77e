"""What Celery starts: one line each to work that may be done again."""

from celery import shared_task

from papers import working


@shared_task(name="papers.tasks.read")
def read(stack_id: str) -> None:
    working.run(stack_id)


@shared_task(name="papers.tasks.resume")
def resume() -> None:
    working.resume()
