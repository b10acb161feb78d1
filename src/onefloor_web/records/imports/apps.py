"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """From a file to facts, in six steps that can each be taken back until the last."""

    name = "onefloor_web.records.imports"
    label = "imports"
    verbose_name = _("Imports")
