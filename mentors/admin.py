"""For superusers: the open lists, and reading. An appointment is moved by its verbs alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mentors.models import Mentor, MentorCategory, MentorEvent, MentorPolicy, Strength
from units.admin import ReadOnlyAdmin


class Kept(admin.ModelAdmin):
    """No row is deleted: ended rows are closed."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MentorCategory, Strength)
class OpenListAdmin(Kept):
    list_display = ["name", "position", "is_active"]


@admin.register(Mentor)
class MentorAdmin(Kept):
    list_display = ["cadre", "state", "category", "unit", "capacity", "from_on", "term_to_on"]
    list_select_related = ["cadre", "category", "unit"]
    list_filter = ["state", "category"]
    list_per_page = 50
    search_fields = ["cadre__name", "cadre__pinyin", "cadre__initials"]
    ordering = ["cadre__pinyin", "id"]
    # An appointment is made, moved and ended in the application, where its events are written.
    readonly_fields = [
        "cadre", "unit", "state", "capacity", "from_on", "to_on", "term_to_on", "notice_from_on",
        "notice_to_on", "end_reason", "created_by",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(MentorEvent)
class MentorEventAdmin(ReadOnlyAdmin):
    list_display = ["mentor_id", "verb", "to_state", "on", "at", "actor"]
    list_select_related = ["actor"]
    show_full_result_count = False


@admin.register(MentorPolicy)
class MentorPolicyAdmin(ReadOnlyAdmin):
    list_display = ["unit", "from_on", "basis", "created_by"]
    list_select_related = ["unit", "created_by"]
