from django.urls import path

from certificates import event_pages, views

app_name = "certificates"
urlpatterns = [
    path("", views.list_, name="list"),
    path("v/<str:token>/", views.verify, name="verify"),
    path("pairings/<uuid:pk>/panel/", views.panel, name="panel"),
    path("pairings/<uuid:pk>/events/", event_pages.events, name="events"),
    path("pairings/<uuid:pk>/issue/", views.issue, name="issue"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/pdf/", views.pdf, name="pdf"),
    path("<uuid:pk>/void/", views.void, name="void"),
]
