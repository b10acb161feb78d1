"""Addresses of the roster."""

from django.urls import path, re_path

from onefloor_web.records.rosters import views

urlpatterns = [
    path("rosters/", views.rosters, name="rosters"),
    re_path(r"^rosters/file\.(?P<kind>csv|xlsx)$", views.download, name="roster_file"),
    path("rosters/versions/", views.versions, name="roster_versions"),
    path("rosters/uploads/", views.upload, name="roster_upload"),
    path("rosters/moves/<str:code>/", views.move, name="roster_move"),
    path("rosters/<int:number>/", views.roster, name="roster"),
    path("rosters/<int:number>/loading/", views.load, name="roster_load"),
    path("rosters/<int:number>/discarding/", views.discard, name="roster_discard"),
]
