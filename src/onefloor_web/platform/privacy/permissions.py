"""Who may read the log of accesses, and who decides how long data stays."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, oneself
from onefloor_web.platform.permissions.roles import EVERYONE, Role

KEEPERS = [Role.ADMINISTRATOR, Role.AUDITOR]

allow("access.view", KEEPERS, every_row, _("accesses by people of one's own company; the client sees all"))
allow("access.view", EVERYONE, oneself, _("one's own accesses"))
