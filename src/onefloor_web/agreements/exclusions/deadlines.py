"""Until when exclusions can be answered, in people's calendars."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from onefloor_web.agreements.exclusions.actions import page_of
from onefloor_web.agreements.exclusions.queries import unanswered
from onefloor_web.agreements.exclusions.shown import answered_by
from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer

MOST = 200


@deadlines
def exclusions(viewer: Viewer) -> Iterator[Deadline]:
    """Each that waits, for both sides: afterwards it has no effect any more."""
    if not can(viewer, "exclusions.propose"):
        return
    for one in unanswered().select_related("agreement__company").order_by("answer_by", "pk")[:MOST]:
        assert one.answer_by is not None, "the database holds it of every exclusion that was given"
        words = _("%(who)s: answer exclusion %(code)s of %(agreement)s")
        said = words % {"who": answered_by(one), "code": one.code, "agreement": one.agreement.code}
        yield Deadline(f"exclusion-{one.pk}", said, one.answer_by, page_of(one))
