"""Who may see keys and signatures, make keys, and sign."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, own_company
from onefloor_web.platform.permissions.roles import PARTIES, Role

READERS = PARTIES | {Role.EXECUTIVE, Role.AUDITOR}

allow("keys.view", READERS | {Role.ADMINISTRATOR}, every_row, _("the public keys of one's own company and the client"))
allow("keys.change", [Role.ADMINISTRATOR], own_company, _("the key and the signing rule of one's own company"))
allow("documents.sign", [Role.SIGNATORY], every_row, _("agreements and statements of one's own company"))
