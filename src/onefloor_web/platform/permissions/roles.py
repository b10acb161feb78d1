"""The roles a user can hold, as ``design`` of the field has them: each in one company, with dates."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Roles; what each may do is said by the rules of ``policy``."""

    ADMINISTRATOR = "administrator", _("Administrator")
    VENDOR_MANAGER = "vendor_manager", _("Vendor manager")
    PROJECT_MANAGER = "project_manager", _("Project manager")
    LEADER = "leader", _("Team leader")
    QA = "qa", _("QA analyst")
    TRAINER = "trainer", _("Trainer")
    PLANNER = "planner", _("Planner")
    SIGNATORY = "signatory", _("Signatory")
    AGENT = "agent", _("Agent")
    EXECUTIVE = "executive", _("Executive")
    AUDITOR = "auditor", _("Auditor")


CLIENT_ONLY = frozenset({Role.VENDOR_MANAGER})
VENDOR_ONLY = frozenset({Role.PROJECT_MANAGER})
EVERYONE = frozenset(Role)
MANAGERS = frozenset({Role.VENDOR_MANAGER, Role.PROJECT_MANAGER})
"""Each side's owner of the agreement: the vendor manager of the client, the project manager of a vendor."""

PARTIES = MANAGERS | {Role.SIGNATORY}
"""Who acts for a company towards the other: its managers, and those who may sign."""
