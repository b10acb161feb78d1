"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExclusionsConfig(AppConfig):
    """Exclusions."""

    name = "onefloor_web.agreements.exclusions"
    label = "exclusions"
    verbose_name = _("Exclusions")

    def ready(self) -> None:
        """The page of an agreement leads to its exclusions."""
        from onefloor_web.agreements.exclusions import beside  # noqa: F401
