"""Who may see figures and the rows behind them, and take rows out as files."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import EVERYONE, Role

READERS = EVERYONE - {Role.ADMINISTRATOR}

allow("figures.view", READERS, every_row, _("figures and their rows of one's own scope; opening rows asks a purpose"))
allow(
    "figures.export",
    READERS - {Role.AGENT, Role.LEADER},
    every_row,
    _("rows of one's own scope as files, with a purpose"),
)
