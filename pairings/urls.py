from django.urls import path

from pairings import export_pages, policy_pages, views

app_name = "pairings"
urlpatterns = [
    path("", views.pairing_list, name="list"),
    path("new/", views.create, name="create"),
    path("policy/", policy_pages.policy, name="policy"),
    path("export/", export_pages.export, name="export"),
    path("of/<uuid:cadre_pk>/", views.panel, name="panel"),
    path("import/", views.import_upload, name="import_upload"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
]
