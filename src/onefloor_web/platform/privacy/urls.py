"""Addresses of privacy."""

from django.urls import path

from onefloor_web.platform.privacy import exit_views, views

urlpatterns = [
    path("privacy/purpose/", views.purpose, name="purpose"),
    path("privacy/access/", views.accesses, name="accesses"),
    path("privacy/retention/", exit_views.rules, name="retention"),
    path("privacy/retention/runs/", exit_views.run, name="retention_run"),
    path("privacy/exits/", exit_views.exits_list, name="exits"),
    path("privacy/exits/new/", exit_views.new, name="exit_new"),
    path("privacy/exits/<int:number>/", exit_views.exit_page, name="exit"),
    path("privacy/exits/<int:number>/package/", exit_views.package, name="exit_package"),
    path("privacy/exits/<int:number>/proof/", exit_views.proof, name="exit_proof"),
    path("privacy/exits/<int:number>/receipt/", exit_views.receipt, name="exit_receipt"),
    path("privacy/exits/<int:number>/deletion/", exit_views.deletion, name="exit_deletion"),
]
