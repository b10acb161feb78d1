"""Who may see notifications and change webhooks."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, oneself, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, Role

allow("notifications.view", EVERYONE, oneself, _("one's own notifications, and how they come"))
allow("webhooks.view", [Role.ADMINISTRATOR, Role.AUDITOR], own_company, _("webhooks of one's own company"))
allow("webhooks.change", [Role.ADMINISTRATOR], own_company, _("webhooks of one's own company"))
