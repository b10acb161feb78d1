"""Who tries other terms, and who looks at what came of it."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS

allow("what_ifs.view", READERS, every_row, _("what-ifs of one's own company, and those the other company has shared"))
allow("what_ifs.change", MANAGERS, every_row, _("try other terms, share what came of it, copy what was shared"))
