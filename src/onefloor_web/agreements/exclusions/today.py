"""Exclusions that wait for the viewer's company."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from onefloor_web.agreements.exclusions.actions import page_of
from onefloor_web.agreements.exclusions.queries import waiting_for
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs


@needs
def exclusions_to_answer(viewer: Viewer) -> Iterable[Need]:
    """Each with the time until which it can be answered."""
    if not can(viewer, "exclusions.answer"):
        return
    for one in waiting_for(viewer):
        words = _("Approve exclusion %(code)s of %(agreement)s") % {"code": one.code, "agreement": one.agreement.code}
        yield Need(words, page_of(one), _("Open"), one.answer_by)
