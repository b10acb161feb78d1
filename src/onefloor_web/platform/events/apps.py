"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Loads the ``events`` module of every feature."""

    name = "onefloor_web.platform.events"
    label = "events"
    verbose_name = _("Business events")

    def ready(self) -> None:
        """Every process knows all names of events and who wants to know of them."""
        from onefloor_web.platform.events import below  # noqa: F401

        autodiscover_modules("events")
