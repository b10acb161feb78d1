"""Addresses of exclusions."""

from django.urls import path

from onefloor_web.agreements.exclusions import views

LIST = "agreements/<slug:code>/exclusions/"
ONE = f"{LIST}<int:number>/"

urlpatterns = [
    path(LIST, views.exclusions, name="exclusions"),
    path(f"{LIST}new/", views.new, name="exclusion_new"),
    path(ONE, views.exclusion, name="exclusion"),
    path(f"{ONE}edit/", views.edit, name="exclusion_edit"),
    path(f"{ONE}weighing/", views.weighing, name="exclusion_weighing"),
    path(f"{ONE}proposal/", views.proposal, name="exclusion_proposal"),
    path(f"{ONE}answer/", views.answer, name="exclusion_answer"),
    path(f"{ONE}withdrawal/", views.withdrawal, name="exclusion_withdrawal"),
    path(f"{ONE}files/<int:attachment>/removal/", views.file_removal, name="exclusion_file_removal"),
    path(f"{ONE}removal/", views.removal, name="exclusion_removal"),
]
