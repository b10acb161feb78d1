"""Who may look for contacts and open them."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import EVERYONE, Role

allow(
    "contacts.view",
    EVERYONE - {Role.ADMINISTRATOR},
    every_row,
    _("contacts of one's own scope, with a purpose that is logged; the client sees all"),
)
