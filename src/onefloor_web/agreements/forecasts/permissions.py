"""Who sees locked forecasts, who locks them for the client, and who acknowledges them for the vendor."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.viewer import Viewer


def as_client(viewer: Viewer) -> Q:
    """All rows, for people of the client."""
    return Q() if viewer.client else Q(pk__in=[])


LOCKERS = [Role.VENDOR_MANAGER, Role.PLANNER]

allow(
    "forecasts.view", READERS | {Role.PLANNER}, every_row, _("locked forecasts of the agreements of one's own company")
)
allow("forecasts.lock", LOCKERS, as_client, _("bring and lock a forecast; only the client"))
allow("forecasts.acknowledge", MANAGERS, every_row, _("forecasts that the client has locked for one's own company"))
