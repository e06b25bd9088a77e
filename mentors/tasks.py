"""What Celery starts: one line each to an idempotent sweep."""

from celery import shared_task
from django.utils import timezone

from mentors import batches


@shared_task(name="mentors.tasks.empty_old_batches")
def empty_old_batches() -> None:
    batches.sweep(timezone.now())
