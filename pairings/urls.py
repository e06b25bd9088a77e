from django.urls import path

from pairings import (
    board_pages,
    changing_pages,
    export_pages,
    lineage_pages,
    move_pages,
    person_pages,
    policy_pages,
    registering_pages,
    tables_pages,
    views,
)

app_name = "pairings"
urlpatterns = [
    path("", views.pairing_list, name="list"),
    path("new/", registering_pages.create, name="create"),
    path("board/", board_pages.places, name="board"),
    path("policy/", policy_pages.policy, name="policy"),
    path("policy/tables/", tables_pages.tables, name="tables"),
    path("export/", export_pages.export, name="export"),
    path("lineage/", lineage_pages.of_unit, name="lineage"),
    path("lineage/chart/", lineage_pages.chart_of_unit, name="lineage_chart"),
    path("lineage/of/<uuid:cadre_pk>/", lineage_pages.of_person, name="lineage_of"),
    path(
        "lineage/of/<uuid:cadre_pk>/chart/",
        lineage_pages.chart_of_person,
        name="lineage_of_chart",
    ),
    path("of/<uuid:cadre_pk>/", person_pages.panel, name="panel"),
    path("import/", views.import_upload, name="import_upload"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/change/", changing_pages.change, name="change"),
    path("<uuid:pk>/substitute/", changing_pages.substitute, name="substitute"),
    path("<uuid:pk>/move/reverse/", move_pages.reverse, name="reverse"),
    path("<uuid:pk>/move/<slug:verb>/", move_pages.move, name="move"),
]
