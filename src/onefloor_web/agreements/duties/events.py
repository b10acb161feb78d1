"""What is told of the client's duties."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.agreements.duties.models import Duty, Kind
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.tenancy.viewer import Viewer

OPENED, CLAIMED, CONFIRMED, REFUSED = "duties.opened", "duties.claimed", "duties.confirmed", "duties.refused"
WITHDRAWN, DELIVERED, MISSED = "duties.withdrawn", "duties.delivered", "duties.missed"
OBJECTED, RESOLVED, UNANSWERED = "duties.objected", "duties.resolved", "duties.unanswered"

declare(OPENED, _("The client owes something"), tell=MANAGERS)
declare(CLAIMED, _("A vendor says that the client owes something"), tell=MANAGERS)
declare(CONFIRMED, _("The client confirmed a duty"), tell=MANAGERS)
declare(REFUSED, _("The client does not see a duty"), tell=MANAGERS)
declare(WITHDRAWN, _("A duty was withdrawn"), tell=MANAGERS)
declare(DELIVERED, _("The client delivered what it owes"), tell=MANAGERS)
declare(MISSED, _("The client missed a duty"), tell=MANAGERS)
declare(OBJECTED, _("A vendor objected to a delivery"), tell=MANAGERS)
declare(UNANSWERED, _("The client did not answer a claim or an objection in time"), tell=MANAGERS)
declare(RESOLVED, _("The client answered an objection"), tell=MANAGERS)

DID: Final = {
    OPENED: Text("登记了", "opened"),
    CLAIMED: Text("提出甲方应履行", "claimed"),
    CONFIRMED: Text("确认了", "confirmed"),
    REFUSED: Text("未认可", "did not confirm"),
    WITHDRAWN: Text("撤回了", "withdrew"),
    DELIVERED: Text("登记履行：", "recorded the delivery of"),
    OBJECTED: Text("对履行提出异议：", "objected to the delivery of"),
    RESOLVED: Text("答复了异议：", "answered the objection to"),
}


def page_of(duty: Duty) -> str:
    """The address of a duty."""
    return f"/duties/{duty.pk}/"


def tell(viewer: Viewer, name: str, duty: Duty, *, why: str = "") -> None:
    """Write down what somebody did with a duty; both companies read it. Of an answer its request tells already."""
    if duty.kind == Kind.ANSWER and name in (DELIVERED, WITHDRAWN):
        return
    did, title = DID[name], duty.name
    what = Text(
        f"{viewer.name} {did.zh}{title.zh}（{duty.reference}）。",
        f"{viewer.name} {did.en} {title.en} ({duty.reference}).",
    )
    record(viewer, name, duty, what, why=why, page=page_of(duty), company=duty.company_id, shared=True)


def tell_missed(viewer: Viewer, duty: Duty) -> None:
    """Nobody did anything: the clock ran out."""
    title = duty.name
    what = Text(
        f"甲方义务已逾期：{title.zh}（{duty.reference}）。",
        f"A duty of the client is late: {title.en} ({duty.reference}).",
    )
    record(viewer, MISSED, duty, what, page=page_of(duty), company=duty.company_id, shared=True)


def tell_unanswered(viewer: Viewer, duty: Duty, key: str) -> None:
    """A claim or an objection still waits for the client; ``key`` tells which."""
    title = duty.name
    what = Text(
        f"甲方未在时限内答复：{title.zh}（{duty.reference}）。",
        f"The client did not answer in time: {title.en} ({duty.reference}).",
    )
    record(viewer, UNANSWERED, duty, what, why=key, page=page_of(duty), company=duty.company_id, shared=True)
