"""Addresses of Today."""

from django.urls import path

from onefloor_web.platform.today import views

urlpatterns = [path("today/", views.today, name="today")]
