"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScorecardsConfig(AppConfig):
    """Scorecards: is each company delivering; saved views, comparisons, exports."""

    name = "onefloor_web.records.scorecards"
    label = "scorecards"
    verbose_name = _("Scorecards")
