"""Who may see and change companies, sites, teams and people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, MANAGERS, Role
from onefloor_web.platform.tenancy.viewer import Viewer

READERS = MANAGERS | {Role.ADMINISTRATOR, Role.EXECUTIVE, Role.AUDITOR, Role.PLANNER, Role.QA, Role.TRAINER}


def itself(viewer: Viewer) -> Q:
    """The row of the viewer's own company."""
    return Q(pk=viewer.company)


allow("companies.view", EVERYONE, every_row, _("one's own company and the client; the client sees all"))
allow("people.view", READERS, every_row, _("people of one's own company; the client sees codes of all companies"))
allow("companies.change", [Role.ADMINISTRATOR], own_company, _("sites and teams of one's own company"))
allow("companies.settings", [Role.ADMINISTRATOR], itself, _("settings of one's own company"))
