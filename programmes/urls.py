from django.urls import include, path

from programmes import views, wish_pages

app_name = "programmes"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/copy/", views.copy, name="copy"),
    path("<uuid:pk>/move/<slug:verb>/", views.move, name="move"),
    path("", include("programmes.list_urls")),
    path("", include("programmes.assignment_urls")),
    path("<uuid:pk>/wishes/", wish_pages.overview, name="wishes"),
    path("<uuid:pk>/wishes/people/", wish_pages.wishers, name="wishers"),
    path("<uuid:pk>/wishes/adopt/", wish_pages.adopt, name="adopt"),
    path("<uuid:pk>/wishes/<slug:side>/<uuid:cadre_pk>/", wish_pages.wish, name="wish"),
]
