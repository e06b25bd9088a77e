"""What Celery starts: one line each to an idempotent sweep."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from stats import rolling


@shared_task(name="stats.tasks.roll")
def roll() -> None:
    rolling.work(seconds=50)


@shared_task(name="stats.tasks.night")
def night() -> None:
    rolling.night(timezone.now())
