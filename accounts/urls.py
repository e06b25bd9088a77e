from django.urls import path

from accounts import account_views, export_pages, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
    path("resume/", views.resume, name="resume"),
    path("", account_views.account_list, name="list"),
    path("new/", account_views.create, name="create"),
    path("trail/", account_views.trail, name="trail"),
    path("exports/", export_pages.exports, name="exports"),
    path("<int:pk>/", account_views.detail, name="detail"),
    path("<int:pk>/edit/", account_views.edit, name="edit"),
    path("<int:pk>/reset/", account_views.reset, name="reset"),
    path("<int:pk>/switch/", account_views.switch, name="switch"),
    path("<int:pk>/grants/", account_views.grant, name="grant"),
    path("grants/<int:pk>/end/", account_views.end, name="end_grant"),
]
