"""Exclusions of the demonstration, one approved, one refused, one that waits; and forecasts that the client has locked.

Each is drafted, weighed, proposed and answered by users of the demonstration. Weighing settles a month
twice, so a job does it, before the months are settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.agreements.demo.work import user_of
from onefloor_web.agreements.exclusions import actions as exclusions
from onefloor_web.agreements.exclusions.jobs import weigh
from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.forecasts import actions as forecasts
from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.floor import today, zone
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.questions import choices, months

NOTICE: Final = """\
系统升级通知 / Maintenance notice
系统 System: 订单系统 orders
计划 Planned: 13:00 - 14:00
实际恢复 Back since: 16:30
"""
FIRST_HOUR, LAST_HOUR, EVERY = 8, 20, timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An exclusion of a vendor's agreement: who proposes it, when in the month, and the other side's answer."""

    vendor: str
    by_client: bool
    reason: str
    zh: str
    en: str
    day: int
    hours: tuple[float, float]
    note: str
    approved: bool | None
    why: str = ""


PROPOSED: Final = (
    Proposal(
        "North", by_client=False, reason="client_outage", day=8, hours=(14, 16.5), approved=True,
        zh="甲方订单系统升级超时，坐席无法查单", en="The client's order system was down beyond its maintenance window",
        note="系统升级通知 maintenance notice",
    ),
    Proposal(
        "Harbor", by_client=False, reason="force_majeure", day=20, hours=(8, 12), approved=False,
        zh="暴雨，部分坐席到岗延迟", en="Heavy rain: some agents came late", note="气象台网页 weather service",
        why="当日未发布预警，到岗由乙方负责。 No warning was issued that day; attendance is the vendor's part.",
    ),
    Proposal(
        "North", by_client=True, reason="waiver", day=11, hours=(0, 1), approved=None,
        zh="促销首小时按会议纪要免于考核", en="The first hour of the promotion is waived by the minutes of both",
        note="会议纪要 minutes 2026-11",
    ),
)  # fmt: skip
LOCKED: Final = (("North", True), ("Harbor", False))
"""Whose forecast of the next month, and whether the vendor has acknowledged it."""


def begin() -> None:
    """Propose and answer, lock and acknowledge; twice is as once."""
    client = the_client()
    for one in PROPOSED:
        if agreement := _agreement(one.vendor):
            _proposed(client, agreement, one)
    for vendor, acknowledged in LOCKED:
        if agreement := _agreement(vendor):
            _locked(client, agreement, acknowledged=acknowledged)


def _untold(done: int, total: int | None = None, note: Text | None = None) -> None:
    """Nobody waits for one of many steps."""


def _agreement(vendor: str) -> Agreement | None:
    rows = Agreement.objects.filter(company__code=vendor, shadow=False, versions__state="signed").distinct()
    return rows.select_related("company").first()


def _proposed(client: Company, agreement: Agreement, one: Proposal) -> None:
    month = _last_whole_month(agreement.company)
    words = {"zh": one.zh, "en": one.en}
    if month is None or Exclusion.objects.filter(agreement=agreement, words=words).exists():
        return
    vendor = agreement.company
    author, other = (_manager(client), _manager(vendor)) if one.by_client else (_manager(vendor), _manager(client))
    said = {**_window(agreement, month, one), "reason": one.reason, "words": words, "note": one.note}
    with tenant(author):
        files = [SimpleUploadedFile("maintenance-notice.txt", NOTICE.encode())] if one.approved else []
        made = exclusions.draft(author, agreement, {**said, "where": {}, "clauses": []}, files=files)
        weigh(author, _untold, number=made.pk)
        exclusions.propose(author, made)
    if one.approved is not None:
        with tenant(other):
            exclusions.answer(other, made, approved=one.approved, why=one.why)


def _window(agreement: Agreement, month: Month, one: Proposal) -> Mapping[str, Any]:
    midnight = datetime(month.year, month.month, one.day, tzinfo=zone())
    first, last = one.hours
    return {"starts": midnight + timedelta(hours=first), "ends": midnight + timedelta(hours=last)}


def _last_whole_month(company: Company) -> Month | None:
    """The newest month with facts that is over."""
    now = Month(today().year, today().month)
    over = [month for month in months(viewer_for(company.pk, name="")) if month.id < now.id]
    return max(over, key=lambda month: month.id, default=None)


def _locked(client: Company, agreement: Agreement, *, acknowledged: bool) -> None:
    month = Month(today().year, today().month).following()
    if Lock.objects.filter(agreement=agreement, month=str(month)).exists():
        return
    author, other = _manager(client), _manager(agreement.company)
    content = _forecast(agreement, month)
    if in_force(agreement, date(month.year, month.month, 1)) is None or not content:
        return
    with tenant(author):
        lock = forecasts.lock_it(author, forecasts.bring(author, agreement, month, f"{month}.csv", content))
    if acknowledged:
        with tenant(other):
            forecasts.acknowledge(other, lock)


def _forecast(agreement: Agreement, month: Month) -> bytes:
    """Half hours of the day of each queue: more in the late morning, less at weekends; nothing without queues."""
    company = agreement.company
    queues = sorted(choices(viewer_for(company.pk, name="")).get("queue", []))
    if not queues:
        return b""
    at, lines = datetime(month.year, month.month, 1), ["interval,queue,company,contacts"]
    while at.month == month.month:
        if FIRST_HOUR <= at.hour < LAST_HOUR:
            contacts = (6 if at.weekday() < 5 else 4) + (3 if at.hour in (10, 11) else 0)
            lines += [f"{at:%Y-%m-%d %H:%M},{queue},{company.code},{contacts}" for queue in queues]
        at += EVERY
    return "\n".join([*lines, ""]).encode()


def _manager(company: Company) -> Viewer:
    return user_of(company, Role.VENDOR_MANAGER if company.is_client else Role.PROJECT_MANAGER)
