from django.urls import path

from rosters import mapping_pages, settling_pages, views

app_name = "rosters"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.choose, name="choose"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("new/<slug:kind>/template/", views.template, name="template"),
    path("<uuid:pk>/", views.batch, name="batch"),
    path("<uuid:pk>/columns/", mapping_pages.columns, name="columns"),
    path("<uuid:pk>/columns/again/", mapping_pages.reopen, name="reopen"),
    path("<uuid:pk>/rows/<int:row_pk>/answer/", settling_pages.answer, name="answer"),
    path("<uuid:pk>/confirm/", settling_pages.confirm, name="confirm"),
    path("<uuid:pk>/discard/", settling_pages.discard, name="discard"),
    path("<uuid:pk>/undo/", settling_pages.undo, name="undo"),
    path("<uuid:pk>/annotated/", settling_pages.annotated, name="annotated"),
]
