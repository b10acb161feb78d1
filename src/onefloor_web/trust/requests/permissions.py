"""Who may see requests, raise them, answer them, and say who looks after them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, own_company
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.viewer import Viewer

TAKING = MANAGERS | {Role.LEADER, Role.QA, Role.TRAINER}


def as_client(viewer: Viewer) -> Q:
    """All requests for users of the client, none for others."""
    return Q() if viewer.client else Q(pk__in=[])


allow(
    "requests.view", TAKING | {Role.EXECUTIVE, Role.AUDITOR}, every_row,
    _("requests of one's own company; the client's users see all"),
)  # fmt: skip
allow("requests.raise", TAKING, own_company, _("requests of one's own company: raise, reply, accept, send back"))
allow("requests.answer", TAKING, as_client, _("requests to the client: ask back, answer, hand on"))
allow("requests.route", MANAGERS, own_company, _("who of one's own company looks after which requests"))
