from django.urls import path

from activities.views import (
    assignments,
    comments,
    confirmations,
    entry,
    lists,
    months,
    records,
    setting,
    templates,
)

app_name = "activities"
urlpatterns = [
    path("", lists.list_, name="list"),
    path("visit/", entry.log_visit, name="log_visit"),
    path("session/", entry.log_session, name="log_session"),
    path("assign/", setting.assign, name="assign"),
    path("on-behalf/", entry.on_behalf, name="on_behalf"),
    path("pairings/<uuid:pk>/", lists.panel, name="panel"),
    path("pairings/<uuid:pk>/months/", months.months, name="months"),
    path("pairings/<uuid:pairing>/visit/", entry.visit_create, name="visit_create"),
    path("pairings/<uuid:pairing>/session/", entry.session_create, name="session_create"),
    path("pairings/<uuid:pairing>/assignment/", setting.create, name="assignment_create"),
    path("visits/<uuid:pk>/", records.visit_detail, name="visit_detail"),
    path("sessions/<uuid:pk>/", records.session_detail, name="session_detail"),
    path("templates/", templates.list_, name="templates"),
    path("templates/new/", templates.create, name="template_create"),
    path("templates/<uuid:pk>/", templates.edit, name="template_edit"),
    path("templates/<uuid:pk>/withdraw/", templates.withdraw, name="template_withdraw"),
    path("assignments/together/<uuid:pk>/", setting.together, name="together"),
    path("assignments/<uuid:pk>/", assignments.detail, name="assignment_detail"),
    path("assignments/<uuid:pk>/hand-in/", assignments.hand_in, name="hand_in"),
    path("assignments/<uuid:pk>/review/", assignments.review, name="review"),
    path("comments/<slug:kind>/<uuid:pk>/", comments.comments, name="comments"),
    path("comments/<uuid:pk>/withdraw/", comments.withdraw, name="withdraw_comment"),
    path("pairings/<uuid:pk>/comments/", comments.of_pair, name="pair_comments"),
    path("to-confirm/", confirmations.to_confirm, name="to_confirm"),
    path("confirm/<slug:kind>/<uuid:pk>/", confirmations.confirm, name="confirm"),
    path("files/<uuid:pk>/", records.file, name="file"),
]
