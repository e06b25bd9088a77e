from django.urls import path

from cadres import career_pages, code_pages, export_pages, merge_pages, serving_pages, views

app_name = "cadres"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("conditions/", views.conditions, name="conditions"),
    path("options/", views.options, name="options"),
    path("codes/", code_pages.tables, name="codes"),
    path("codes/words/<int:pk>/remove/", code_pages.remove_word, name="remove_word"),
    path("serving/", serving_pages.serving, name="serving"),
    path("export/", export_pages.export, name="export"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/phone/", views.show_phone, name="show_phone"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("<uuid:pk>/leave/", views.leave, name="leave"),
    path("<uuid:pk>/reinstate/", career_pages.reinstate, name="reinstate"),
    path("<uuid:pk>/posts/new/", career_pages.add, name="add_post"),
    path("<uuid:pk>/posts/<uuid:post_pk>/", career_pages.correct, name="correct_post"),
    path("<uuid:pk>/posts/<uuid:post_pk>/end/", career_pages.end, name="end_post"),
    path("<uuid:pk>/merge/", merge_pages.choose, name="merge_with"),
    path("<uuid:pk>/merge/<uuid:other_pk>/", merge_pages.compare, name="merge"),
    path("merges/<uuid:pk>/undo/", merge_pages.undo_merge, name="undo_merge"),
    path("<uuid:pk>/account/", views.open_account, name="open_account"),
]
