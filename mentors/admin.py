"""For superusers: corrections and the open list of categories; nothing is deleted here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mentors.models import Mentor, MentorCategory


class Kept(admin.ModelAdmin):
    """No row is deleted: ended rows are closed."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MentorCategory)
class MentorCategoryAdmin(Kept):
    list_display = ["name", "position", "is_active"]


@admin.register(Mentor)
class MentorAdmin(Kept):
    list_display = ["cadre", "category", "unit", "capacity", "from_on", "to_on"]
    list_select_related = ["cadre", "category", "unit"]
    list_filter = ["category"]
    list_per_page = 50
    search_fields = ["cadre__name", "cadre__pinyin", "cadre__initials"]
    ordering = ["cadre__pinyin", "id"]
    # An appointment is made and ended in the application, where its events are written.
    readonly_fields = ["cadre", "unit", "from_on", "to_on", "end_reason", "created_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
