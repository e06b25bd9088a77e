"""Records in Django's admin: to be looked into, never deleted or made up there."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from activities.models import (
    Assignment,
    Attachment,
    Comment,
    Confirmation,
    OpenMatter,
    Review,
    Session,
    Submission,
    Visit,
)


class Kept(admin.ModelAdmin):
    """Read alone: a record is entered by its pair, and neither changed nor removed for them."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Visit)
class VisitAdmin(Kept):
    list_display = ("where", "pairing", "happened_on", "visited", "is_on_behalf")
    list_filter = ("visited", "is_on_behalf")
    list_select_related = ("place", "pairing__mentor_cadre", "pairing__mentee")


@admin.register(Session)
class SessionAdmin(Kept):
    list_display = ("topic", "pairing", "happened_on", "method", "is_on_behalf")
    list_filter = ("method", "is_on_behalf")
    list_select_related = ("pairing__mentor_cadre", "pairing__mentee")


@admin.register(Assignment)
class AssignmentAdmin(Kept):
    list_display = ("title", "pairing", "due_on", "state", "is_on_behalf")
    list_filter = ("state", "is_on_behalf")
    list_select_related = ("pairing__mentor_cadre", "pairing__mentee")


@admin.register(Submission)
class SubmissionAdmin(Kept):
    list_display = ("assignment", "created_by", "created_at")
    list_select_related = ("assignment", "created_by")


@admin.register(Review)
class ReviewAdmin(Kept):
    list_display = ("assignment", "verdict", "created_by", "created_at", "is_on_behalf")
    list_select_related = ("assignment", "created_by")


@admin.register(Comment)
class CommentAdmin(Kept):
    list_display = ("pairing", "created_by", "created_at", "is_from_office", "withdrawn_at")
    list_filter = ("is_from_office",)
    list_select_related = ("pairing__mentor_cadre", "pairing__mentee", "created_by")


@admin.register(Confirmation)
class ConfirmationAdmin(Kept):
    list_display = ("visit", "session", "confirmed_by", "confirmed_at", "is_on_behalf")
    list_select_related = ("visit__place", "session", "confirmed_by")


@admin.register(OpenMatter)
class OpenMatterAdmin(Kept):
    list_display = ("text", "pairing", "raised_on", "closed_on", "closed_by")
    list_select_related = ("pairing__mentor_cadre", "pairing__mentee", "closed_by")


@admin.register(Attachment)
class AttachmentAdmin(Kept):
    # Without the file itself: its page asks who may see the record.
    exclude = ("file",)
    list_display = ("name", "mime", "size", "uploaded_by", "uploaded_at")
    list_select_related = ("uploaded_by",)
