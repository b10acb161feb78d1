"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Tokens and limits."""

    name = "onefloor_web.platform.api"
    label = "api"
    verbose_name = _("API")
