"""Who may see drafts, write them and comment on them. Proposing one is ``agreements.propose``."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS, PARTIES, Role
from onefloor_web.platform.tenancy.viewer import Viewer


def by_own_company(viewer: Viewer) -> Q:
    """What one's own company has written."""
    return Q(author=viewer.company)


allow(
    "drafts.view", PARTIES | {Role.EXECUTIVE, Role.AUDITOR}, every_row,
    _("the drafts of one's own company, and those the other one has shared"),
)  # fmt: skip
allow("drafts.change", MANAGERS, by_own_company, _("the drafts of one's own company, and its comments"))
allow("drafts.comment", PARTIES, every_row, _("comments on drafts one may see, and copies of these"))
