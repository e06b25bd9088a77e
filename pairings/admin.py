"""Reading for who keeps the system. A state is moved by its verbs alone, and nothing is deleted."""

from __future__ import annotations

from django.contrib import admin

from pairings.models import Pairing, PairingEvent, Policy
from units.admin import ReadOnlyAdmin


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ["unit", "from_on", "basis", "created_by"]
    list_select_related = ["unit", "created_by"]


@admin.register(Pairing)
class PairingAdmin(ReadOnlyAdmin):
    list_display = ["id", "unit", "role", "state", "from_on", "to_on", "ended_on"]
    list_filter = ["state", "end_cause", "role", "method"]
    list_select_related = ["unit"]
    show_full_result_count = False


@admin.register(PairingEvent)
class PairingEventAdmin(ReadOnlyAdmin):
    list_display = ["pairing_id", "verb", "to_state", "on", "at", "actor"]
    list_select_related = ["actor"]
    show_full_result_count = False
