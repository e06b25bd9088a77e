from django.urls import path

from pairings import export_pages, mentee_pages
from pairings.matching import pages as matching_pages

app_name = "mentees"
urlpatterns = [
    path("", mentee_pages.list_, name="list"),
    path("new/", mentee_pages.create, name="create"),
    path("coverage/", mentee_pages.coverage, name="coverage"),
    path("export/", export_pages.export_mentees, name="export"),
    path("of/<uuid:cadre_pk>/", mentee_pages.panel, name="panel"),
    path("of/<uuid:cadre_pk>/mentors/", matching_pages.mentors, name="mentors"),
    path("<uuid:pk>/move/<slug:verb>/", mentee_pages.move, name="move"),
]
