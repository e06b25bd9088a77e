from django.urls import path

from plans import template_views, views

app_name = "plans"
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("of-mentees/", views.of_mentees, name="of_mentees"),
    path("pairings/<uuid:pk>/", views.detail, name="detail"),
    path("pairings/<uuid:pk>/panel/", views.panel, name="panel"),
    path("pairings/<uuid:pk>/start/", views.start, name="start"),
    path("pairings/<uuid:pk>/edit/", views.edit, name="edit"),
    path("pairings/<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
    path("steps/<uuid:pk>/<slug:verb>/", views.step, name="step"),
    path("templates/", template_views.list_, name="templates"),
    path("templates/new/", template_views.create, name="template_create"),
    path("templates/<uuid:pk>/", template_views.edit, name="template_edit"),
    path("templates/<uuid:pk>/withdraw/", template_views.withdraw, name="template_withdraw"),
]
