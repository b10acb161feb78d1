"""Who may read the audit trail."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import Role

allow(
    "audit.view",
    [Role.ADMINISTRATOR, Role.AUDITOR],
    every_row,
    _("changes of one's own company's rows; the client also those of rows that vendors share with it"),
)
