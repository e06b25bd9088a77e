"""For superusers: corrections and the open list of categories; nothing is deleted here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cadres import codes
from cadres.models import Cadre, Code, CodeAlias, Mentee, MenteeCategory, Merge, PhoneLook


class Kept(admin.ModelAdmin):
    """No row is deleted: ended rows are closed."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MenteeCategory)
class MenteeCategoryAdmin(Kept):
    list_display = ["name", "position", "is_active"]


@admin.register(Cadre)
class CadreAdmin(Kept):
    """The same columns as the register's own list."""

    list_display = [
        "name",
        "gender_word",
        "age_now",
        "unit",
        "post_now",
        "political_status_word",
        "highest",
        "staffing_word",
        "mentee_category",
    ]
    list_select_related = ["unit"]
    list_per_page = 50
    search_fields = ["name", "pinyin", "initials"]
    ordering = ["pinyin", "id"]
    # Where somebody is posted changes by a dated move, a sign-in by opening one.
    readonly_fields = ["unit", "user", "left_on", "left_reason", "id_tail", "created_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cadre]:
        rows = super().get_queryset(request)
        return rows.with_post().with_mentee_category()  # type: ignore[attr-defined]

    @admin.display(description=_("mentee category"))
    def mentee_category(self, cadre: Cadre) -> str:
        return cadre.mentee_kind or ""

    @admin.display(description=_("age"))
    def age_now(self, cadre: Cadre) -> int | None:
        return cadre.age(timezone.localdate())

    @admin.display(description=_("post"))
    def post_now(self, cadre: Cadre) -> str:
        return cadre.post or ""

    @admin.display(description=_("gender"))
    def gender_word(self, cadre: Cadre) -> str:
        return codes.name("gender", cadre.gender)

    @admin.display(description=_("political status"))
    def political_status_word(self, cadre: Cadre) -> str:
        return codes.name("political_status", cadre.political_status)

    @admin.display(description=_("staffing"))
    def staffing_word(self, cadre: Cadre) -> str:
        return codes.name("staffing", cadre.staffing)

    @admin.display(description=_("highest education"))
    def highest(self, cadre: Cadre) -> str:
        return cadre.highest_education


@admin.register(Mentee)
class MenteeAdmin(Kept):
    """To look at: entries change in the application, where their events are written."""

    list_display = ["cadre", "category", "from_on", "to_on", "end_reason"]
    list_select_related = ["cadre", "category"]
    list_filter = ["category"]
    list_per_page = 50
    search_fields = ["cadre__name", "cadre__pinyin", "cadre__initials"]
    ordering = ["cadre__pinyin", "id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PhoneLook)
class PhoneLookAdmin(Kept):
    list_display = ["at", "by", "cadre"]
    list_select_related = ["by", "cadre"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Code)
class CodeAdmin(Kept):
    """A code goes out of use; the rows that have it keep their word."""

    list_display = ["table", "code", "name", "position", "is_active"]
    list_filter = ["table"]


@admin.register(CodeAlias)
class CodeAliasAdmin(admin.ModelAdmin):
    """Words that are read everywhere (no unit), and those of offices."""

    list_display = ["word", "table", "code", "unit"]
    list_filter = ["table"]
    list_select_related = ["code", "unit"]
    search_fields = ["word"]
    fields = ["code", "word", "unit"]
    autocomplete_fields = ["unit"]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CodeAlias]) -> None:
        for word in queryset:  # one by one: each says that the tables are to be read again
            word.delete()


@admin.register(Merge)
class MergeAdmin(Kept):
    list_display = ["created_at", "created_by", "kept", "absorbed", "undone_at"]
    list_select_related = ["created_by", "kept", "absorbed"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
