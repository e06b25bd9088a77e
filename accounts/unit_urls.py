from django.urls import path

from accounts import unit_views as views

app_name = "units"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("options/", views.options, name="options"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/close/", views.close, name="close"),
]
