"""Addresses of metrics."""

from django.urls import path

from onefloor_web.records.metrics import views

urlpatterns = [
    path("metrics/", views.metrics, name="metrics"),
    path("metrics/<slug:name>/versions/<int:version>/", views.metric, name="metric"),
    path("formulas/", views.formulas, name="formulas"),
]
