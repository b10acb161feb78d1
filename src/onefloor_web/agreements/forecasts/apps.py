"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForecastsConfig(AppConfig):
    """Forecast locks."""

    name = "onefloor_web.agreements.forecasts"
    label = "forecasts"
    verbose_name = _("Locked forecasts")
