"""For superusers, to look things up. Changes are made on the pages, which write their events."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import AccountEvent, Export, Grant, User
from units.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["username", "name", "is_active", "is_superuser"]
    search_fields = ["username", "name"]
    exclude = ["password"]


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "unit", "from_on", "to_on", "granted_by"]
    list_filter = ["role"]
    list_select_related = ["user", "unit", "granted_by"]


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "verb", "user", "role", "unit", "created_by"]
    list_filter = ["verb"]
    list_select_related = ["user", "unit", "created_by"]


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "register", "rows", "format", "is_masked", "purpose"]
    list_filter = ["format", "is_masked"]
    list_select_related = ["by"]
