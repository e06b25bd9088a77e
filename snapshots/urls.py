from django.urls import path

from snapshots import regular, views

app_name = "snapshots"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("regular/", regular.orders, name="orders"),
    path("regular/<int:unit>/<slug:rhythm>/", regular.order, name="order"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/again/", views.again, name="again"),
    path("<uuid:pk>/again/differences.xlsx", views.differences_file, name="differences"),
    path("<uuid:pk>/rows/", views.rows, name="rows"),
    path("<uuid:pk>/export/", views.export, name="export"),
]
