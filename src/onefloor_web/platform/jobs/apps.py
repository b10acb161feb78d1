"""The Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Loads the ``jobs`` module of every feature."""

    name = "onefloor_web.platform.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Every process knows all kinds of jobs: the web to name them, the worker to run them."""
        autodiscover_modules("jobs")
