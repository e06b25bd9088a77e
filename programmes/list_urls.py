"""The addresses of a programme's list."""

from django.urls import path

from programmes import list_export, list_pages

urlpatterns = [
    path("<uuid:pk>/list/", list_pages.planned, name="planned"),
    path("<uuid:pk>/list/without/", list_pages.without, name="planned_without"),
    path("<uuid:pk>/list/mentees/", list_pages.add_mentees, name="add_mentees"),
    path("<uuid:pk>/list/mentors/", list_pages.add_mentors, name="add_mentors"),
    path("<uuid:pk>/list/export/", list_export.export, name="planned_export"),
    path("<uuid:pk>/list/print/", list_export.print_page, name="planned_print"),
    path("<uuid:pk>/list/<uuid:row_pk>/", list_pages.row, name="planned_row"),
    path("<uuid:pk>/list/<uuid:row_pk>/<slug:verb>/", list_pages.act, name="planned_act"),
    path("<uuid:pk>/forbidden/", list_pages.forbidden, name="forbidden"),
    path("<uuid:pk>/forbidden/<uuid:row_pk>/allow/", list_pages.allow, name="allow"),
]
