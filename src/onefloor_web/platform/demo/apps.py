"""The Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration; its page is there only where the settings say so."""

    name = "onefloor_web.platform.demo"
    label = "demo"
