"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    """Disputes."""

    name = "onefloor_web.settlement.disputes"
    label = "disputes"
    verbose_name = _("Disputes")

    def ready(self) -> None:
        """Statements ask whether a line is disputed."""
        autodiscover_modules("objections")
