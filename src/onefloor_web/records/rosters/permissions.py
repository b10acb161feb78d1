"""Who may see and load rosters."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, own_company
from onefloor_web.platform.permissions.roles import MANAGERS, Role

allow(
    "rosters.view", READERS, own_company, _("the roster of one's own company; the client sees codes of all companies")
)
allow(
    "rosters.load", MANAGERS | {Role.ADMINISTRATOR}, own_company,
    _("roster files one's own company brings; a vendor's name its own people, the client's those of all companies"),
)  # fmt: skip
