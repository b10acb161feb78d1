"""Who brings files in."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, own_company
from onefloor_web.platform.permissions.roles import MANAGERS, Role

allow("imports.view", [*MANAGERS, Role.ADMINISTRATOR, Role.PLANNER, Role.AUDITOR], own_company,
      _("imports of one's own company"))  # fmt: skip
allow("imports.change", [*MANAGERS, Role.ADMINISTRATOR, Role.PLANNER], own_company,
      _("bring files in for one's own company; a vendor those about its own people"))  # fmt: skip
