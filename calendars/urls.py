from django.urls import path

from calendars import feed_views, views

app_name = "calendars"
urlpatterns = [
    path("", views.month, name="month"),
    path("pairings/<uuid:pk>/", views.pair, name="pair"),
    path("pairings/<uuid:pk>/panel/", views.panel, name="panel"),
    path("pairings/<uuid:pk>/meeting/", views.create, name="create"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("meetings/<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
    path("address/", feed_views.address, name="address"),
    path("address/revoke/", feed_views.revoke_address, name="revoke_address"),
    path("feed/<str:token>.ics", feed_views.feed, name="feed"),
]
