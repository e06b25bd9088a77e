from django.urls import path

from mentors import export_pages, policy_pages, roster_views, views

app_name = "mentors"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("options/", views.options, name="options"),
    path("policy/", policy_pages.policy, name="policy"),
    path("export/", export_pages.export, name="export"),
    path("of/<uuid:cadre_pk>/", views.panel, name="panel"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
    path("roster/", roster_views.upload, name="roster_upload"),
    path("roster/template/", roster_views.download_template, name="roster_template"),
]
