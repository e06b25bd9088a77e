from django.urls import path

from programmes import assignment_pages as pages

urlpatterns = [
    path("<uuid:pk>/assign/", pages.assign, name="assign"),
    path("<uuid:pk>/assign/<uuid:run_pk>/", pages.run, name="run"),
    path("<uuid:pk>/costs/<uuid:mentee_pk>/", pages.costs, name="costs"),
]
