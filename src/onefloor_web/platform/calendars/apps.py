"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    """Loads the module ``deadlines`` of every feature."""

    name = "onefloor_web.platform.calendars"
    label = "calendars"
    verbose_name = _("Calendars")

    def ready(self) -> None:
        """Whatever has deadlines has declared them before the first request."""
        autodiscover_modules("deadlines")
