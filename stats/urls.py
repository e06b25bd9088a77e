from django.urls import path

from stats import county_views, views

app_name = "stats"
urlpatterns = [
    path("", views.table, name="table"),
    path("names/", views.names, name="names"),
    path("export/", views.export, name="export"),
    path("counties/", county_views.counties, name="counties"),
]
