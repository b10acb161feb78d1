"""The Django app."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    """Today."""

    name = "onefloor_web.platform.today"
    label = "today"
