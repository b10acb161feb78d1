"""Addresses of calendars."""

from django.urls import path

from onefloor_web.platform.calendars import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendars/<str:signed>.ics", views.calendar_feed, name="calendar_feed"),
]
