from django.urls import path

from handbooks import many_pages, views

app_name = "handbooks"
urlpatterns = [
    path("", many_pages.runs, name="runs"),
    path("runs/<uuid:pk>/", many_pages.run, name="run"),
    path("runs/<uuid:pk>/file/", many_pages.download, name="download"),
    path("<uuid:pk>/", views.make, name="make"),
]
