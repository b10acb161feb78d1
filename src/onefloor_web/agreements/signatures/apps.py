"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    """Signatures."""

    name = "onefloor_web.agreements.signatures"
    label = "signatures"
    verbose_name = _("Signing")
