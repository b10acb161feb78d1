"""What the page of an agreement says of its exclusions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor_web.agreements.exclusions.models import Exclusion, State
from onefloor_web.agreements.exclusions.queries import state_of
from onefloor_web.agreements.register.beside import Link, beside
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer


@beside
def exclusions(viewer: Viewer, agreement: Agreement) -> Link | None:
    """How many there are, and how many wait for an answer."""
    if not can(viewer, "exclusions.view"):
        return None
    rows = only_visible(viewer, "exclusions.view", Exclusion.objects.filter(agreement=agreement))
    states = [state_of(one) for one in rows.select_related("answer").defer("effect")]
    words = _("%(all)s, %(waiting)s of them waiting for an answer")
    said = words % {"all": len(states), "waiting": states.count(State.WAITING)} if states else _("none yet")
    return Link(_("Exclusions"), reverse("exclusions", args=[agreement.code]), said)
