"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "onefloor_web.platform.audit"
    label = "audit"
    verbose_name = _("Audit trail")
