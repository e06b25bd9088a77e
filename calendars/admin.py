"""Planned meetings and addresses in Django's admin: to be looked into, never changed there."""

from __future__ import annotations

from django.contrib import admin

from activities.admin import Kept
from calendars.models import FeedAddress, PlannedMeeting


@admin.register(PlannedMeeting)
class PlannedMeetingAdmin(Kept):
    list_display = ("topic", "pairing", "day", "state", "is_on_behalf")
    list_filter = ("state", "is_on_behalf")
    list_select_related = ("pairing__mentor_cadre", "pairing__mentee")


@admin.register(FeedAddress)
class FeedAddressAdmin(Kept):
    list_display = ("user", "created_at", "revoked_at")
    list_select_related = ("user",)
    exclude = ("digest",)
