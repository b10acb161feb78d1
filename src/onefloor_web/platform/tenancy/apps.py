"""The Django app."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Only abstract models and what migrations need; no tables of its own."""

    name = "onefloor_web.platform.tenancy"
    label = "tenancy"
