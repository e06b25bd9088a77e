"""For superusers, to look things up. Changes are made on the pages, which write their events."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from units.models import Unit, UnitEvent


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to read, for superusers alone; nothing is added, changed or deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "code", "parent", "closed_on"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    show_full_result_count = False


@admin.register(UnitEvent)
class UnitEventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "verb", "unit", "detail", "created_by"]
    list_select_related = ["unit", "created_by"]
