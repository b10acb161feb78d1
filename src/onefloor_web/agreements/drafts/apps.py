"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    """Drafts of agreements."""

    name = "onefloor_web.agreements.drafts"
    label = "drafts"
    verbose_name = _("Drafts")
