"""Addresses of privacy."""

from django.urls import path

from onefloor_web.platform.privacy import views

urlpatterns = [
    path("privacy/purpose/", views.purpose, name="purpose"),
    path("privacy/access/", views.accesses, name="accesses"),
]
