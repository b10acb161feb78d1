"""What disputes put on Today: whose turn it is, until when."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs
from onefloor_web.settlement.disputes.events import page_of, title
from onefloor_web.settlement.disputes.models import Dispute, State
from onefloor_web.settlement.disputes.queries import under_way

MOST = 20


@needs
def disputes(viewer: Viewer) -> Iterator[Need]:
    """Disputes the viewer's company has to rule on or to settle, and questions it was asked."""
    if not can(viewer, "disputes.change"):
        return
    for one in under_way(viewer)[:MOST]:
        of = say(title(one.line))
        if one.state in (State.ESCALATED, State.RESERVED):
            yield Need(
                gettext("Settle the escalated dispute: %(line)s") % {"line": of},
                page_of(one.line),
                _("Settle the dispute"),
                one.due,
            )
        elif one.claimant_id != viewer.company:
            yield Need(gettext("Rule on the dispute: %(line)s") % {"line": of}, page_of(one.line), _("Rule"), one.due)
        elif _asked(viewer, one):
            yield Need(gettext("Answer a question: %(line)s") % {"line": of}, page_of(one.line), _("Answer"), one.due)


def _asked(viewer: Viewer, dispute: Dispute) -> bool:
    """Whether the last message is a question of the other side."""
    last = dispute.messages.order_by("-pk").first()
    return last is not None and last.question and last.author_id != viewer.company
