"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    """Attached files."""

    name = "onefloor_web.platform.uploads"
    label = "uploads"
    verbose_name = _("Attached files")
