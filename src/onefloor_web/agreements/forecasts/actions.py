"""Bringing, locking and acknowledging forecasts. Each is one transaction, and safe to ask for twice."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from onefloor.language import Text
from onefloor.periods import Month, clock
from onefloor.problems import Problem
from onefloor_web.agreements.duties import actions as duties
from onefloor_web.agreements.duties.clocks import clock_of, due_of
from onefloor_web.agreements.duties.models import Duty as Owed
from onefloor_web.agreements.duties.models import Kind
from onefloor_web.agreements.duties.models import State as Duty
from onefloor_web.agreements.forecasts.models import FILE_LENGTH, Acknowledgement, Lock
from onefloor_web.agreements.forecasts.queries import State, acknowledgement_of, state_of
from onefloor_web.agreements.forecasts.reading import FAULTS, Read, read
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force, procedure, working_time, zone_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.scanning import scan_content
from onefloor_web.records.floor.questions import choices

LOAD: Final = "forecasts.load"
DUTY: Final = "forecast"
LARGEST: Final = 10 << 20
AHEAD: Final = timedelta(days=31)  # so long before it is due, a month's forecast stands on Today and in calendars


class TooLarge(Problem):
    """A file beyond any month's forecast."""

    def __init__(self, size: int) -> None:
        super().__init__(
            Text(
                f"文件有 {size / (1 << 20):.1f} MB，最多 10 MB。",
                f"The file has {size / (1 << 20):.1f} MB; at most 10.",
            ),
            remedy=Text("请只放一个月的预测。", "Keep the forecast of one month in it."),
        )


class NotInForce(Problem):
    """A month for which nothing is agreed."""

    def __init__(self, agreement: Agreement, month: Month) -> None:
        super().__init__(
            Text(
                f"协议 {agreement.code} 在 {month} 没有生效条款。",
                f"{agreement.code} has no terms in force in {month}.",
            ),
            remedy=Text("请选择协议期内的月份。", "Choose a month within the agreement."),
        )


class NothingInIt(Problem):
    """A file without a single line for this month and company."""

    def __init__(self, found: Read, month: Month, company: str) -> None:
        fault = FAULTS[found.bad[0][1]] if found.bad and found.bad[0][1] in FAULTS else None
        line = Text(f"第 {found.bad[0][0]} 行：{fault.zh}", f"Line {found.bad[0][0]}: {fault.en}") if fault else None
        super().__init__(
            Text(
                f"{found.lines:,} 行中没有 {company} 在 {month} 的预测。",
                f"None of the {found.lines:,} lines is a forecast for {company} in {month}.",
            ),
            why=line,
            remedy=Text("请下载模板，按其列名填写。", "Take the template and fill in its columns."),
        )


class BadLines(Problem):
    """A draft with lines that could not be used: locking it would lose them."""

    def __init__(self, lock: Lock) -> None:
        bad = lock.account["bad"]
        super().__init__(
            Text(f"有 {bad:,} 行无法使用。", f"{bad:,} lines cannot be used."),
            why=Text("锁定后这些话务会缺失。", "Their contacts would be missing from the locked forecast."),
            remedy=Text("请更正后重新上传。", "Correct them and bring the file again."),
        )


class OneSide(Problem):
    """The client cannot acknowledge what it has locked itself."""

    def __init__(self, lock: Lock) -> None:
        who = Text("另一人", "a second person") if lock.agreement.shadow else Text("乙方", "the vendor")
        super().__init__(
            Text(f"锁定预测须由{who.zh}确认。", f"A locked forecast is acknowledged by {who.en}."),
            remedy=Text(f"请等待{who.zh}。", f"Wait for {who.en}."),
        )


class NotLocked(Problem):
    """A draft cannot be acknowledged."""

    def __init__(self) -> None:
        super().__init__(
            Text("预测尚未锁定。", "The forecast is not locked yet."), remedy=Text("请先锁定。", "Lock it first.")
        )


class Superseded(Problem):
    """An older version than the newest one that is locked."""

    def __init__(self, lock: Lock) -> None:
        super().__init__(
            Text(
                f"{lock.month} 的预测已有比第 {lock.version} 版更新的锁定版本。",
                f"A newer version than {lock.version} is locked for {lock.month}.",
            ),
            why=Text("确认较旧的版本会改变已约定的区间。", "The newest one binds; nobody chooses among several."),
            remedy=Text("请确认最新版本。", "Acknowledge the newest one."),
        )


def page_of(lock: Lock) -> str:
    """The address of a lock."""
    return reverse("forecast_lock", args=[lock.agreement.code, lock.pk])


def bring(viewer: Viewer, agreement: Agreement, month: Month, name: str, content: bytes) -> Lock:
    """A draft from a file: every line is accounted for, nothing is locked.

    Raises:
        TooLarge, NothingInIt: the file holds nothing for this month, or too much.
        NotInForce: the agreement has no terms in that month.
        Malware, NotScanned: the scanner of this installation keeps it out.
        Problem: the file cannot be read; says why.
    """
    if len(content) > LARGEST:
        raise TooLarge(len(content))
    scan_content(content, name)
    if in_force(agreement, date(month.year, month.month, 1)) is None:
        raise NotInForce(agreement, month)
    found = _read(agreement, month, name, content)
    if not found.rows:
        raise NothingInIt(found, month, agreement.company.code)
    made = Lock.objects.create(
        company_id=agreement.company_id, author_id=viewer.company, agreement=agreement, month=str(month),
        file=name[:FILE_LENGTH], content=found.content, digest=found.digest, contacts=sum(found.rows.values()),
        account=found.account, user_number=viewer.user or 0, user_name=viewer.name,
    )  # fmt: skip
    _tell_own(viewer, "forecasts.brought", made, Text("导入了", "brought a forecast for"), page=page_of(made))
    return made


def discard(viewer: Viewer, lock: Lock) -> None:
    """Forget a draft; what is locked stays."""
    lock = _held(lock)
    if state_of(lock) == State.DRAFT:
        _tell_own(viewer, "forecasts.discarded", lock, Text("作废了", "discarded the draft of the forecast for"))
        lock.delete()


def lock_it(viewer: Viewer, lock: Lock) -> Lock:
    """The client's act: the draft becomes the next version of its month. Locking twice changes nothing.

    Where the terms have a clock for forecasts, being late is noted, and the client's duty is recorded as delivered.

    Raises:
        BadLines: not every line can be used.
    """
    lock = _held(lock)
    if state_of(lock) != State.DRAFT:
        return lock
    if lock.account["bad"]:
        raise BadLines(lock)
    before = Lock.objects.filter(agreement=lock.agreement, month=lock.month, version__isnull=False)
    now, local = timezone.now(), zone_of(lock.agreement)
    lock.version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    lock.given_at, lock.user_number, lock.user_name = now, viewer.user or 0, viewer.name
    first, today = _first_day(lock.of_month), now.astimezone(local).date()
    lock.horizon = (first - today).days
    due = _due_of(lock.agreement, lock.of_month)
    lock.late_since = due if due is not None and now > due else None
    rule = procedure(lock.agreement, today).rule
    lock.answer_by = moment_of(working_time(lock.agreement, today).deadline(ms_of(now), rule))
    lock.save()
    _note_duty(viewer, lock)
    _tell(viewer, "forecasts.locked", lock, Text("锁定了", "locked"))
    return lock


def acknowledge(viewer: Viewer, lock: Lock) -> Acknowledgement:
    """The vendor's act: the forecast binds both, and its rows are written among the facts. Twice is as once.

    Raises:
        NotLocked: it is a draft still.
        Superseded: a newer version of the month is locked.
        OneSide: the client cannot acknowledge its own.
    """
    lock = _held(lock)
    known = acknowledgement_of(lock)
    if known is not None:
        return known
    if state_of(lock) == State.DRAFT:
        raise NotLocked
    if state_of(lock) == State.SUPERSEDED:
        raise Superseded(lock)
    own = lock.author_id == viewer.company
    if own and not (lock.agreement.shadow and lock.user_number != (viewer.user or 0)):
        raise OneSide(lock)
    made = Acknowledgement.objects.create(
        company_id=lock.company_id, author_id=viewer.company, given_at=timezone.now(), lock=lock,
        user_number=viewer.user or 0, user_name=viewer.name,
    )  # fmt: skip
    enqueue(viewer, LOAD, key=f"forecast-{lock.pk}", subject=str(lock), page=page_of(lock), number=lock.pk)
    _tell(viewer, "forecasts.acknowledged", lock, Text("确认了", "acknowledged"))
    return made


def open_duties(viewer: Viewer, agreement: Agreement, now: datetime) -> list[Owed]:
    """The client owes the forecast of each month to come from some time before it is due: never locked, it is missed.

    The clock is that of the terms of the month; the same duty is opened once. Months that began are left as they were.
    """
    opened, month = [], _month_at(agreement, now).following()
    while (due := _due_of(agreement, month)) is not None and due - now <= AHEAD:
        opened.append(_open_duty(viewer, agreement, month, page=reverse("forecast_locks", args=[agreement.code])))
        month = month.following()
    return opened


def month_begins(agreement: Agreement, month: Month) -> datetime:
    """The first moment of a month in the agreement's zone."""
    return moment_of(clock(str(zone_of(agreement))).start_of_day_ms(month.days.start)).astimezone(UTC)


def _read(agreement: Agreement, month: Month, name: str, content: bytes) -> Read:
    queues = choices(viewer_for(agreement.company_id, name="")).get("queue", [])
    with tempfile.TemporaryDirectory(prefix="onefloor-forecast-") as folder:
        path = Path(folder) / f"forecast{Path(name).suffix[:8]}"
        path.write_bytes(content)
        return read(path, month=month, company=agreement.company.code, zone=zone_of(agreement), queues=queues)


def _first_day(month: Month) -> date:
    return date(month.year, month.month, 1)


def _month_at(agreement: Agreement, now: datetime) -> Month:
    local = now.astimezone(zone_of(agreement))
    return Month(local.year, local.month)


def _due_of(agreement: Agreement, month: Month) -> datetime | None:
    """Until when the terms want the forecast of a month; None without a clock."""
    begins = month_begins(agreement, month)
    found = clock_of(agreement, DUTY, begins.astimezone(zone_of(agreement)).date())
    return due_of(agreement, found, begins) if found and found.before else None


def _open_duty(viewer: Viewer, agreement: Agreement, month: Month, *, page: str) -> Owed:
    return duties.open_duty(
        viewer, agreement, DUTY, kind=Kind.FORECAST, asked=str(month), page=page,
        begins_at=month_begins(agreement, month), reference=f"{DUTY}-{month}",
    )  # fmt: skip


def _note_duty(viewer: Viewer, lock: Lock) -> None:
    """The first lock of a month is what the client's duty asks for."""
    if _due_of(lock.agreement, lock.of_month) is None:
        return
    duty = _open_duty(viewer, lock.agreement, lock.of_month, page=page_of(lock))
    if duty.state == Duty.OPEN:
        duties.record_done(viewer, duty, at=lock.given_at or timezone.now(), note=f"{lock} {lock.digest[:12]}")


def _tell(viewer: Viewer, name: str, lock: Lock, did: Text) -> None:
    title = lock.agreement.name
    what = Text(
        f"{viewer.name} {did.zh} {lock.month} 的话务预测第 {lock.version} 版（{title.zh}）。",
        f"{viewer.name} {did.en} version {lock.version} of the forecast for {lock.month} ({title.en}).",
    )
    record(viewer, name, lock, what, page=page_of(lock), company=lock.company_id, shared=True)


def _tell_own(viewer: Viewer, name: str, lock: Lock, did: Text, *, page: str = "") -> None:
    """Of a draft only its own company hears."""
    title = lock.agreement.name
    what = Text(
        f"{viewer.name} {did.zh} {lock.month} 的话务预测（{title.zh}）。",
        f"{viewer.name} {did.en} {lock.month} ({title.en}).",
    )
    record(viewer, name, lock, what, page=page)


def _held(lock: Lock) -> Lock:
    """The lock as it is now. Until this transaction ends nobody else acts on those of its agreement."""
    Agreement.objects.select_for_update().get(pk=lock.agreement_id)
    return Lock.objects.select_related("agreement__company", "acknowledgement").get(pk=lock.pk)
