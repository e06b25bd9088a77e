"""What Celery starts: one line each to an idempotent sweep."""

from celery import shared_task

from reminders.delivering import deliver as deliver_mails
from reminders.sweeping import sweep


@shared_task(name="reminders.tasks.remind")
def remind() -> None:
    sweep()


@shared_task(name="reminders.tasks.deliver")
def deliver() -> None:
    deliver_mails()
