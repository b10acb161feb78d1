"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    """Requests of vendors."""

    name = "onefloor_web.trust.requests"
    label = "requests"
    verbose_name = _("Requests")

    def ready(self) -> None:
        """Whoever has to be told of an event of requests is told."""
        from onefloor_web.trust.requests import telling  # noqa: F401
