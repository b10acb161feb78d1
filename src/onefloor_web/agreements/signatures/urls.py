"""Addresses of keys."""

from django.urls import path, re_path

from onefloor_web.agreements.signatures import views

urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.new, name="key_new"),
    path("keys/rule/", views.rule, name="key_rule"),
    path("keys/<int:number>/withdrawal/", views.withdrawal, name="key_withdrawal"),
    re_path(r"^keys/(?P<key>[0-9a-f]{64})\.pub$", views.public_key, name="key_file"),
]
