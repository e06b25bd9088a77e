from django.urls import path

from papers import print_views, views

app_name = "papers"
urlpatterns = [
    path("", views.list_, name="list"),
    path("hand-in/", views.hand_in, name="hand_in"),
    path("print/", print_views.print_unit, name="print_unit"),
    path("pairings/<uuid:pk>/", views.panel, name="panel"),
    path("pairings/<uuid:pk>/print/", print_views.print_month, name="print_month"),
    path("stacks/<uuid:pk>/", views.stack, name="stack"),
    path("pages/<uuid:pk>/", views.page, name="page"),
    path("pages/<uuid:pk>/<slug:size>.jpg", views.picture, name="picture"),
    path("pages/<uuid:pk>/assign/", views.assign, name="assign"),
    path("pages/<uuid:pk>/discard/", views.discard, name="discard"),
    path("pages/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
