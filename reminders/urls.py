from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.home, name="home"),
    path("reminders/", views.todo_list, name="list"),
    path("reminders/pairs/", views.pairs, name="pairs"),
    path("reminders/settings/", views.settings, name="settings"),
    path("reminders/<uuid:pk>/close/", views.close, name="close"),
    path("suggestions/", views.suggest, name="suggest"),
]
