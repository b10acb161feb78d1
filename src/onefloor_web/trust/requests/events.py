"""What is told of requests. Who is told beside the managers is decided in ``telling``."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests.models import Request, Route

RAISED, ASKED, REPLIED, ANSWERED = "requests.raised", "requests.asked", "requests.replied", "requests.answered"
ACCEPTED, SENT_BACK, REOPENED = "requests.accepted", "requests.sent_back", "requests.reopened"
UNSOLVED, WITHDRAWN, NOTED, HANDED_ON = (
    "requests.unsolved",
    "requests.withdrawn",
    "requests.noted",
    "requests.handed_on",
)

ROUTED, UNROUTED = "requests.routed", "requests.unrouted"

declare(ROUTED, _("Somebody was named for requests"), tell=[Role.ADMINISTRATOR])
declare(UNROUTED, _("Nobody is named for requests any more"), tell=[Role.ADMINISTRATOR])
declare(RAISED, _("A request was raised"))
declare(ASKED, _("The client asked back"))
declare(REPLIED, _("A question about a request was answered"))
declare(ANSWERED, _("The client answered a request"))
declare(ACCEPTED, _("An answer was accepted"))
declare(SENT_BACK, _("An answer was sent back"))
declare(REOPENED, _("A request was reopened"))
declare(UNSOLVED, _("A request was closed without a solution"))
declare(WITHDRAWN, _("A request was withdrawn"))
declare(NOTED, _("A note was added to a request"))
declare(HANDED_ON, _("A request was handed on"))

DID: Final = {
    RAISED: Text("提出诉求", "raised"),
    ASKED: Text("追问", "asked back about"),
    REPLIED: Text("回复了追问：", "replied about"),
    ANSWERED: Text("答复了", "answered"),
    ACCEPTED: Text("认可了答复：", "accepted the answer to"),
    SENT_BACK: Text("退回了答复：", "sent back the answer to"),
    REOPENED: Text("重新打开了", "reopened"),
    UNSOLVED: Text("按未解决关闭了", "closed without a solution"),
    WITHDRAWN: Text("撤回了", "withdrew"),
    NOTED: Text("备注了", "added a note to"),
    HANDED_ON: Text("转交了", "handed on"),
}


def page_of(request: Request) -> str:
    """The address of a request."""
    return f"/requests/{request.pk}/"


def tell(viewer: Viewer, name: str, request: Request, *, why: str = "") -> None:
    """Write down what somebody did with a request; both companies read it."""
    did, subject = DID[name], request.subject
    what = Text(
        f"{viewer.name} {did.zh} {request.code}“{subject}”。", f'{viewer.name} {did.en} {request.code} "{subject}".'
    )
    record(viewer, name, request, what, why=why, page=page_of(request), company=request.company_id, shared=True)


def tell_route(viewer: Viewer, name: str, route: Route) -> None:
    """Write down who looks after a class from now on; one's own company reads it."""
    zh, en = (f"“{route.kind}”", f'"{route.kind}"') if route.kind else ("其他类别", "all other classes")
    did = Text("指定了诉求负责人：", "named who looks after requests:")
    if name == UNROUTED:
        did = Text("取消了诉求负责人：", "removed who looks after requests:")
    what = Text(f"{viewer.name} {did.zh}{zh}。", f"{viewer.name} {did.en} {en}.")
    record(viewer, name, route, what, page=reverse("request_routes"))
