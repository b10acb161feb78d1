"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Access by purpose, retention, exits."""

    name = "onefloor_web.platform.privacy"
    label = "privacy"
    verbose_name = _("Privacy")
