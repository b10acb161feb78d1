"""The Django app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates, components, template tags."""

    name = "onefloor_web.platform.pages"
    label = "pages"
