"""Who of the client looks after requests, and what each vendor has asked: open, overdue, asked back, answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from onefloor_web.agreements.duties.actions import confirm
from onefloor_web.agreements.duties.models import State as DutyState
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.demo.beginnings import beginning
from onefloor_web.platform.demo.people import NAMES
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import actions, queries
from onefloor_web.trust.requests.classes import classes_of
from onefloor_web.trust.requests.models import Request, Route

# Days ago, subject, text. The first is long overdue under any of the clocks.
RAISED: Final = (
    (20, "新套餐退费口径 Refund of the new plan", "客户退订新套餐时按天还是按月退费？请明确。\nPer day or per month?"),
    (1, "停电报修新流程 New process for outages", "供电公司热线已更换，转接号码请更新。\nThe number has changed."),
    (1, "投诉升级权限 Authority for complaints", "可否授权一线直接补偿 50 元以内？\nUp to 50 yuan by the front line?"),
    (2, "知识库条目过期 Outdated article", "“账单分期”条目与公告不一致。\nThe article differs from the notice."),
    (0, "客户系统响应慢 Slow customer system", "今天上午查询超过 30 秒。\nLookups take 30 s since this morning."),
)
QUESTION: Final = "请提供一个通话编号。\nPlease name one call."
ANSWER: Final = "已更正，按公告执行。\nCorrected; the notice counts."
LINK: Final = "知识库 4.2 账单分期 Knowledge base 4.2"


def declare() -> None:
    """Have the demonstration begin with these."""
    beginning(route)
    beginning(requests)


def route(viewer: Viewer) -> None:
    """The client's trainer looks after requests of the first class, its manager after all others."""
    if not viewer.client or Route.objects.filter(company_id=viewer.company).exists():
        return
    first = classes_of(next(iter(queries.agreements(viewer)), None), today())[0].id
    for kind, role in (("", Role.VENDOR_MANAGER), (first, Role.TRAINER)):
        Route.objects.create(company_id=viewer.company, kind=kind, role=role)


def requests(viewer: Viewer) -> None:
    """A vendor asks, and the client's manager asks back about one and answers another."""
    if viewer.client or _begun(viewer):
        return
    made = [_raised(viewer, *one) for one in RAISED]
    client = the_client()
    manager = viewer_for(client.pk, name=_manager_of(client.code))
    with tenant(manager):
        for duty in map(actions.duty_of, made):
            if duty.state == DutyState.CLAIMED:  # it was due before it stood here
                confirm(manager, duty, owed=True)
        actions.ask_back(manager, made[2], made[2].turn, QUESTION)
        actions.answer(manager, made[3], made[3].turn, ANSWER, link=LINK)


def _begun(viewer: Viewer) -> bool:
    return Request.objects.filter(company=viewer.company).exists()


def _raised(viewer: Viewer, days: int, subject: str, text: str) -> Request:
    agreement = next(iter(queries.agreements(viewer)), None)
    at = timezone.now() - timedelta(days=days)
    kinds = classes_of(agreement, at.date())
    kind = kinds[days % len(kinds)].id
    return actions.raise_request(viewer, agreement, kind, subject=subject, text=text, at=at)


def _manager_of(code: str) -> str:
    return next(iter(NAMES.get(code, ())), "") or code
