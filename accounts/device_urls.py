from django.urls import path

from accounts import device_views

app_name = "device"
urlpatterns = [
    path("manifest.webmanifest", device_views.manifest, name="manifest"),
    path("worker.js", device_views.worker, name="worker"),
    path("offline/", device_views.kept, name="kept"),
    path("accounts/token/", device_views.token, name="token"),
]
