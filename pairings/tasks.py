"""What Celery starts: one line each to an idempotent sweep."""

from celery import shared_task
from django.utils import timezone

from pairings.substituting import lapse_due


@shared_task(name="pairings.tasks.lapse")
def lapse() -> None:
    lapse_due(timezone.localdate())
