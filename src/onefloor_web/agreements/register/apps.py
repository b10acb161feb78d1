"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """The register of agreements."""

    name = "onefloor_web.agreements.register"
    label = "register"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        """What figures are judged by comes from here."""
        from onefloor_web.agreements.register import targets  # noqa: F401
