"""Addresses of companies."""

from django.urls import path

from onefloor_web.platform.companies import views

urlpatterns = [
    path("companies/", views.companies, name="companies"),
    path("companies/<int:number>/", views.company, name="company"),
]
