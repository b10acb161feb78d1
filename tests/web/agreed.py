"""An agreement of a company that both have signed, with clocks of requests and duties, and the wall clock of a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from world import World
from worlds.agreements import source_of

from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

SHANGHAI = ZoneInfo("Asia/Shanghai")
TERMS = """
at_risk: 10%
minimum_sample: 1
calendar: {holidays: [2026-10-01, 2026-10-02], workdays: [2026-10-10]}
clauses:
  - id: "2"
    kind: bands
    title: {zh: 服务水平, en: Service level}
    text: {zh: 未达 80% 扣考核金额的 30%。, en: Below 80% 30% of the at-risk amount is credited.}
    metric: service_level:formula=F4,within=20s
    target: ">= 80%"
    bands: [{from: 80%}, {to: 80%, credit: 30%}]
duties:
  - id: "6.1"
    title: {zh: 甲方按时答复, en: Answers in time}
    text: {zh: 当月答复逾期的，扣罚减免 50%。, en: With a late answer half of the credits falls away.}
    metric: duty_late:duty=answer
    bands: [{from: 1, relief: 50%}]
requests:
  - {id: problem, title: {zh: 新问题, en: New problem}, within: 16 working hours}
  - {id: defect, title: {zh: 缺陷, en: Defect}, within: 4 hours, questions: run}
clocks:
  - {duty: notice, title: {zh: 变更通知, en: Notice of changes}, before: 5 working days}
  - {duty: uptime, title: {zh: 系统可用, en: Systems}, within: 4 hours}
  - {duty: training, title: {zh: 培训席位, en: Training seats}, within: 10 working days}
"""


def agreed(world: World, name: str = "North", more: str = TERMS) -> Agreement:
    """The company's agreement with more terms, in force since 2026-01-01."""
    side, client = world[name], world["Own"].viewer(Role.SIGNATORY)
    vendor, version = side.viewer(Role.SIGNATORY), side.rows["version"]
    with tenant(vendor):
        withdraw(vendor, version, why="other terms")
        made = propose(vendor, source_of(side, more=more))
        sign_version(vendor, made)
    with tenant(client):
        sign_version(client, made)
    return made.agreement


def local(text: str) -> datetime:
    """``2026-11-13 16:00`` on the floor's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def wall_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """A function that sets the wall clock of this process."""

    def set_to(text: str) -> datetime:
        at = local(text)
        monkeypatch.setattr(timezone, "now", lambda: at)
        return at

    return set_to
