"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    """The catalogue of metrics in words, the four formulas of service level, the versions."""

    name = "onefloor_web.records.metrics"
    label = "metrics"
    verbose_name = _("Metrics")
