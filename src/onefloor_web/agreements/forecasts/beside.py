"""What the page of an agreement says of its locked forecasts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.forecasts.queries import State, state_of, with_newer
from onefloor_web.agreements.register.beside import Link, beside
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer


@beside
def locks(viewer: Viewer, agreement: Agreement) -> Link | None:
    """How many there are, and how many wait to be acknowledged."""
    if not can(viewer, "forecasts.view"):
        return None
    rows = only_visible(viewer, "forecasts.view", Lock.objects.filter(agreement=agreement))
    states = [state_of(one) for one in with_newer(rows.select_related("acknowledgement")).defer("content", "account")]
    words = _("%(all)s, %(waiting)s of them to be acknowledged")
    said = words % {"all": len(states), "waiting": states.count(State.WAITING)} if states else _("none yet")
    return Link(_("Locked forecasts"), reverse("forecast_locks", args=[agreement.code]), said)
