"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """The client's duties."""

    name = "onefloor_web.agreements.duties"
    label = "duties"
    verbose_name = _("Client duties")
