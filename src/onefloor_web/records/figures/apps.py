"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """One figure with its evidence: arithmetic, range, course, definition, and the rows behind it."""

    name = "onefloor_web.records.figures"
    label = "figures"
    verbose_name = _("Figures")
