"""Who may see agreements, and who proposes and withdraws versions. Signing is ``documents.sign``."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS, Role

allow(
    "agreements.view", READERS | {Role.PLANNER}, every_row,
    _("the agreements of one's own company; the client's are all"),
)  # fmt: skip
allow("agreements.propose", MANAGERS, every_row, _("versions of the agreements of one's own company"))
