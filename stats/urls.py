from django.urls import path

from stats import (
    change_views,
    compare_views,
    county_views,
    definition_views,
    overview_views,
    sibling_views,
    views,
)

app_name = "stats"
urlpatterns = [
    path("", views.table, name="table"),
    path("names/", views.names, name="names"),
    path("export/", views.export, name="export"),
    path("compare/", compare_views.compare, name="compare"),
    path("compare/file/", compare_views.compare_file, name="compare_file"),
    path("changes/", change_views.changed, name="changes"),
    path("changes/file/", change_views.changed_file, name="changes_file"),
    path("siblings/", sibling_views.siblings, name="siblings"),
    path("overview/", overview_views.overview, name="overview"),
    path("chart/", overview_views.chart, name="chart"),
    path("definitions/", definition_views.catalogue, name="definitions"),
    path("definitions/file/", definition_views.catalogue_file, name="definitions_file"),
    path("counties/", county_views.counties, name="counties"),
]
