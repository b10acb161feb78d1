"""Who may read the catalogue of metrics."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import EVERYONE, Role

allow("metrics.view", EVERYONE, every_row, _("the definitions of all metrics"))
allow(
    "formulas.view", EVERYONE - {Role.ADMINISTRATOR}, every_row, _("the four formulas over the rows of one's own scope")
)
