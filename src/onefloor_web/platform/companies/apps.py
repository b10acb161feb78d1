"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    """Companies, sites, teams, people."""

    name = "onefloor_web.platform.companies"
    label = "companies"
    verbose_name = _("Companies")
