"""The Django app."""

from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    """Loads the module ``search`` of every feature."""

    name = "onefloor_web.platform.search"
    label = "search"

    def ready(self) -> None:
        """Whatever can be found has been declared before the first request; the field stands in the bar."""
        from onefloor_web.platform.pages import slots

        autodiscover_modules("search")
        slots.fill("search", lambda _request: str(reverse_lazy("search")))
