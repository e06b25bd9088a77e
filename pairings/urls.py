from django.urls import path

from pairings import policy_pages, views

app_name = "pairings"
urlpatterns = [
    path("", views.pairing_list, name="list"),
    path("new/", views.create, name="create"),
    path("policy/", policy_pages.policy, name="policy"),
    path("of/<uuid:cadre_pk>/", views.panel, name="panel"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
]
