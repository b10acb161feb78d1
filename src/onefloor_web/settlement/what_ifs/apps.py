"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhatIfsConfig(AppConfig):
    """What-ifs."""

    name = "onefloor_web.settlement.what_ifs"
    label = "what_ifs"
    verbose_name = _("What-ifs")
