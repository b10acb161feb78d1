"""The Django app."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """Texts of problems; no tables."""

    name = "onefloor_web.platform.rest"
    label = "rest"
