"""Addresses of the demonstration."""

from django.urls import path

from onefloor_web.platform.demo import views

urlpatterns = [
    path("demo/sign-in/", views.sign_in, name="demo_sign_in"),
    path("demo/received/", views.received, name="demo_received"),
]
