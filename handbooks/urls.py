from django.urls import path

from handbooks import views

app_name = "handbooks"
urlpatterns = [path("<uuid:pk>/", views.make, name="make")]
