"""Who may make, see and revoke tokens."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, oneself, own_company
from onefloor_web.platform.permissions.roles import MANAGERS, Role

MAKERS = MANAGERS | {Role.PLANNER}

allow("tokens.view", [Role.ADMINISTRATOR, Role.AUDITOR], own_company, _("tokens of one's own company"))
allow("tokens.view", MAKERS, oneself, _("one's own tokens"))
allow("tokens.change", [Role.ADMINISTRATOR], own_company, _("tokens of one's own company"))
allow("tokens.change", MAKERS, oneself, _("one's own tokens"))
