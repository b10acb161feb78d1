"""Who sees on Today who is in a team."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer


def led(viewer: Viewer) -> Q:
    """Employments in the teams a viewer leads."""
    return Q(company=viewer.company, team__name__in=viewer.teams)


allow("delivery.team", [Role.LEADER], led, _("who is in the teams one leads today"))
