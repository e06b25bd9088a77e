from django.urls import path

from accounts import unit_change_views as changes
from accounts import unit_views as views

app_name = "units"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("options/", views.options, name="options"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", changes.edit, name="edit"),
    path("<int:pk>/correct/", changes.correct, name="correct"),
    path("<int:pk>/move/", changes.move, name="move"),
    path("<int:pk>/merge/", changes.merge, name="merge"),
    path("<int:pk>/close/", changes.close, name="close"),
]
