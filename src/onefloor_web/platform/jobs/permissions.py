"""Who may see and change jobs."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, Role
from onefloor_web.platform.tenancy.viewer import Viewer


def asked_for(viewer: Viewer) -> Q:
    """Jobs the viewer has asked for."""
    return Q(company=viewer.company, requested_by=viewer.user) if viewer.user else Q(pk__in=[])


allow("jobs.view", EVERYONE, asked_for, _("jobs one has asked for"))
allow("jobs.view", [Role.ADMINISTRATOR], own_company, _("all jobs of one's own company"))
allow("jobs.change", EVERYONE, asked_for, _("cancel and repeat jobs one has asked for"))
allow("jobs.change", [Role.ADMINISTRATOR], own_company, _("cancel and repeat all jobs of one's own company"))
