"""Who may see and change users and roles."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, Role

allow("accounts.view", [Role.ADMINISTRATOR, Role.AUDITOR], own_company, _("users of one's own company"))
allow("accounts.change", [Role.ADMINISTRATOR], own_company, _("users and roles of one's own company"))
allow("roles.view", EVERYONE, own_company, _("what each role may see and do"))
