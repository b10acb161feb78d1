"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForecastsConfig(AppConfig):
    """Forecast locks."""

    name = "onefloor_web.agreements.forecasts"
    label = "forecasts"
    verbose_name = _("Locked forecasts")

    def ready(self) -> None:
        """The page of an agreement leads to its locked forecasts."""
        from onefloor_web.agreements.forecasts import beside  # noqa: F401
