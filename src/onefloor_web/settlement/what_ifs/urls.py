"""Addresses of what-ifs."""

from django.urls import path

from onefloor_web.settlement.what_ifs import views

ONE = "what-ifs/<int:number>/"

urlpatterns = [
    path("what-ifs/", views.what_ifs, name="what_ifs"),
    path("what-ifs/new/<slug:code>/", views.new, name="what_if_new"),
    path(ONE, views.what_if, name="what_if"),
    path(f"{ONE}edit/", views.edit, name="what_if_edit"),
    path(f"{ONE}rows.csv", views.rows, name="what_if_rows"),
    path(f"{ONE}sharing/", views.sharing, name="what_if_sharing"),
    path(f"{ONE}copy/", views.copy, name="what_if_copy"),
    path(f"{ONE}drafting/", views.drafting, name="what_if_drafting"),
    path(f"{ONE}removal/", views.removal, name="what_if_removal"),
]
