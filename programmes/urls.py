from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/copy/", views.copy, name="copy"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
]
