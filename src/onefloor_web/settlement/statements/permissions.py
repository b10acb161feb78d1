"""Who may see statements, run and issue them. Signing is ``documents.sign``."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import Role

allow("statements.view", READERS, every_row, _("the statements of one's own company; the client's are all"))
allow("statements.run", [Role.VENDOR_MANAGER], every_row, _("the statements of every company"))
