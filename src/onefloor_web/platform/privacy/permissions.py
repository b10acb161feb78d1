"""Who may read the log of accesses, and who decides how long data stays."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, oneself, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, Role
from onefloor_web.platform.tenancy.viewer import Viewer

KEEPERS = [Role.ADMINISTRATOR, Role.AUDITOR]

allow("access.view", KEEPERS, every_row, _("accesses by people of one's own company; the client sees all"))
allow("access.view", EVERYONE, oneself, _("one's own accesses"))


def as_client(viewer: Viewer) -> Q:
    """All rows, for people of the client."""
    return Q() if viewer.client else Q(pk__in=[])


allow("retention.view", KEEPERS, every_row, _("the rules of retention, and what they removed"))
allow("retention.run", [Role.ADMINISTRATOR], as_client, _("run the rules at once; only the client"))
allow("exits.view", KEEPERS, every_row, _("one's own exit; the client sees all"))
allow("exits.change", [Role.ADMINISTRATOR], as_client, _("hand over and delete the rows of a vendor; only the client"))
allow("exits.receive", [Role.ADMINISTRATOR], own_company, _("confirm the receipt of one's own hand-over"))
