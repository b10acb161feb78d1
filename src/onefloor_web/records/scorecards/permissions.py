"""Who may see scorecards, and change saved views."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, oneself
from onefloor_web.platform.permissions.roles import EVERYONE, Role
from onefloor_web.platform.tenancy.viewer import Viewer

READERS = EVERYONE - {Role.ADMINISTRATOR}


def own_or_shared(viewer: Viewer) -> Q:
    """A user's own rows, and those somebody of the company shared."""
    return oneself(viewer) | Q(shared=True)


allow(
    "scorecards.view",
    READERS,
    every_row,
    _("figures of one's own company, of a leader those of the teams, of an agent one's own; the client sees all"),
)
allow("comparisons.view", READERS - {Role.AGENT}, every_row, _("own and vendors side by side; a vendor sees itself"))
allow("views.open", READERS, own_or_shared, _("one's own saved views, and those shared within the company"))
allow("views.change", READERS, oneself, _("one's own saved views"))
