"""Addresses of contacts."""

from django.urls import path

from onefloor_web.records.contacts import views

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/<str:code>/", views.contact, name="contact"),
]
