"""Addresses of the audit trail."""

from django.urls import path

from onefloor_web.platform.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/export/", views.export, name="audit_export"),
]
