from django.urls import path

from pairings import export_pages, pair_roster_views, policy_pages, views

app_name = "pairings"
urlpatterns = [
    path("", views.pairing_list, name="list"),
    path("new/", views.create, name="create"),
    path("policy/", policy_pages.policy, name="policy"),
    path("export/", export_pages.export, name="export"),
    path("of/<uuid:cadre_pk>/", views.panel, name="panel"),
    path("import/", pair_roster_views.upload, name="import_upload"),
    path("import/template/", pair_roster_views.download_template, name="import_template"),
    path("import/<uuid:pk>/", pair_roster_views.preview, name="import_preview"),
    path("import/<uuid:pk>/confirm/", pair_roster_views.confirm, name="import_confirm"),
    path("import/<uuid:pk>/discard/", pair_roster_views.discard, name="import_discard"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
]
