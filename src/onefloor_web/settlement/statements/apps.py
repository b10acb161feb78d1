"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    """Statements."""

    name = "onefloor_web.settlement.statements"
    label = "statements"
    verbose_name = _("Statements")
