"""What each company's administrators have set up: tokens of programs, a webhook; and a vendor whose exit is prepared.

The webhook leads to the demonstration itself, so that messages are really sent, signed and answered, and none leaves
the machine.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse

from onefloor_web.platform.api import actions as tokens
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.demo.beginnings import beginning, colleague
from onefloor_web.platform.floor import today
from onefloor_web.platform.notifications import webhooks
from onefloor_web.platform.notifications.links import absolute
from onefloor_web.platform.notifications.models import Format, Webhook
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy import events, exits
from onefloor_web.platform.privacy.models import Exit
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports.events import LOADED

DASHBOARD: Final = ("经营看板 Dashboard", ("scorecards.view", "metrics.view"), 365)
PLANNING: Final = ("排班系统 Workforce management", ("imports.view", "imports.change", "rosters.view"), 90)
FORMER: Final = ("旧接口 Former interface", ("rosters.view",), 30)
WEBHOOK: Final = "数据平台 Data platform"
LEAVES: Final = "Harbor"


def declare() -> None:
    """Have the demonstration begin with these."""
    for function in (programs, webhook, leaving):
        beginning(function)


def programs(viewer: Viewer) -> None:
    """A token of the manager's, one of the planner's, and one of the administrator's that is revoked already."""
    if Token.objects.filter(company_id=viewer.company).exists():
        return
    _token(viewer, *DASHBOARD)
    _token(colleague(viewer, Role.PLANNER, today()), *PLANNING)
    administrator = colleague(viewer, Role.ADMINISTRATOR, today())
    with tenant(administrator):
        tokens.revoke(administrator, _token(administrator, *FORMER))


def webhook(viewer: Viewer) -> None:
    """What is loaded and who leaves is sent to another program, which has got a test message."""
    if not settings.SITE or Webhook.objects.filter(company_id=viewer.company).exists():
        return
    administrator = colleague(viewer, Role.ADMINISTRATOR, today())
    with tenant(administrator):
        url = absolute(reverse("demo_received"))
        chosen = [LOADED, events.HANDED_OVER]
        made, _secret = webhooks.make(administrator, name=WEBHOOK, form=Format.STANDARD, url=url, events=chosen)
        webhooks.send_test(administrator, made)


def leaving(viewer: Viewer) -> None:
    """The rows of the vendor whose agreement ends with the year are put together; nothing is deleted."""
    vendor = Company.objects.filter(code=LEAVES).first() if viewer.client else None
    if vendor is None or Exit.objects.exists():
        return
    administrator = colleague(viewer, Role.ADMINISTRATOR, today())
    with tenant(administrator):
        exits.begin(administrator, vendor)


def _token(viewer: Viewer, name: str, actions: tuple[str, ...], days: int) -> Token:
    with tenant(viewer):
        may = [action for action in actions if action in offered(viewer)]
        made, _secret = tokens.make(viewer, name=name, actions=may, days=days)
        return made
