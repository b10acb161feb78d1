"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TodayConfig(AppConfig):
    """Loads the module ``today`` of every feature."""

    name = "onefloor_web.platform.today"
    label = "today"

    def ready(self) -> None:
        """Whatever has something to say on Today has declared it before the first request."""
        autodiscover_modules("today")
