from django.urls import path

from sampling import views

app_name = "sampling"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/close/", views.close, name="close"),
    path("<uuid:pk>/export/", views.export, name="export"),
    path("<uuid:pk>/print/", views.print_page, name="print"),
    path("<uuid:pk>/records/<int:position>/", views.item, name="item"),
]
