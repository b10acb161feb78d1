"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RostersConfig(AppConfig):
    """Rosters."""

    name = "onefloor_web.records.rosters"
    label = "rosters"
    verbose_name = _("Rosters")
