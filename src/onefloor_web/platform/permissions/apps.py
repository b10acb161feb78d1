"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PermissionsConfig(AppConfig):
    """Loads the ``permissions`` module of every feature."""

    name = "onefloor_web.platform.permissions"
    label = "permissions"

    def ready(self) -> None:
        """Everything that is allowed is declared before the first request."""
        autodiscover_modules("permissions")
