"""One attempt at one job, as the worker makes it."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from threading import Event
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_for, viewer_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs import actions, registry, within
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.jobs.progress import Cancelled, Channel, Interrupted, Reporter, SecondConnection
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.trail import by
from onefloor_web.platform.tenancy.viewer import Viewer

log = logging.getLogger(__name__)
INTERRUPTIONS = 3
_UNREACHABLE = (OperationalError, InterfaceError)


class Fault(Problem):
    """A job failed for a reason that is not the user's; the log has it under the reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            Text("执行没有完成，已撤销全部改动。", "This job did not finish; everything it had changed is undone."),
            remedy=Text(f"请重试；仍不行时请报编号 {reference}。", f"Try again; if it fails, quote {reference}."),
        )


class Gone(Problem):
    """The worker died in mid-job, and running again is a person's choice."""

    def __init__(self, said: Text) -> None:
        super().__init__(
            said,
            why=Text("任务进程或数据库在中途停止。", "The worker or the database stopped in the middle."),
            remedy=Text("可以重试。", "It can be tried again."),
        )


class GoneTooOften(Problem):
    """The worker died again and again: the job itself may be why."""

    def __init__(self, times: int) -> None:
        super().__init__(
            Text(
                f"执行过程连续中断 {times} 次，已撤销全部改动。",
                f"It was interrupted {times} times; nothing is changed.",
            ),
            why=Text(
                "任务进程或数据库每次都在中途停止。", "The worker or the database stopped in the middle each time."
            ),
            remedy=Text(
                "请管理员查看任务进程的日志，再重试。",
                "Ask the administrator to read the worker's log, then try again.",
            ),
        )


def run(company: int, number: int, stopping: Event) -> None:
    """Make one attempt, unless the job has been cancelled or is being done elsewhere."""
    begun = begin(company, number)
    if begun is None:
        return
    job, viewer = begun
    with SecondConnection(job) as channel:
        attempt(job, viewer, channel, stopping)


def attempt(job: Job, viewer: Viewer, channel: Channel, stopping: Event) -> None:
    """Run it and write down how it ended, whatever happens."""
    reporter = Reporter(channel, stopping)
    try:
        with by(job=job.pk), working_for(viewer):
            result = registry.kind(job.kind).run(viewer, reporter, **job.params)
            _done(job, viewer, result, reporter.last)
    except Cancelled:
        _end(job, viewer, reporter, State.CANCELLED, None)
    except (Interrupted, *_UNREACHABLE) as error:
        _interrupted(job, error, asked=stopping.is_set())
    except Problem as problem:
        _end(job, viewer, reporter, State.FAILED, problem.as_json())
    except Exception:
        reference = secrets.token_hex(4).upper()
        log.exception("job %s (%s) failed, reference %s", job.pk, job.kind, reference)
        _end(job, viewer, reporter, State.FAILED, {**Fault(reference).as_json(), "reference": reference})


def give_back(job: Job, *, asked: bool = False) -> None:
    """A job whose attempt was interrupted: again, or failed with a reason. Its row is locked.

    Args:
        job: it.
        asked: whether the worker was asked to stop, which says nothing against the job.
    """
    said = registry.kind(job.kind).interrupted
    interruptions = job.interruptions + (not asked)
    if job.cancel_asked_at:
        _write_end(job, State.CANCELLED, None)
    elif job.state == State.RUNNING and said is not None:
        _write_end(job, State.FAILED, Gone(said).as_json())
    elif interruptions >= INTERRUPTIONS:
        _write_end(job, State.FAILED, GoneTooOften(INTERRUPTIONS).as_json())
    else:
        actions.again(job, interruptions=interruptions)


def viewer_behind(job: Job) -> Viewer:
    """For whom a job works: the user with the roles of today, or a company's own work with those it had."""
    acting = job.acting
    if job.requested_by_id is None:
        viewer = viewer_for(job.company_id, name=job.requested_name, roles=frozenset(acting.get("roles", ())))
    else:
        viewer = viewer_of(User.objects.select_related("person").get(pk=job.requested_by_id), today())
    limits = acting.get("actions")
    return replace(
        viewer,
        actions=None if limits is None else frozenset(limits),
        second_factor=bool(acting.get("second_factor")),
    )


def begin(company: int, number: int) -> tuple[Job, Viewer] | None:
    """Take a waiting job; None if it does not wait any more."""
    with within.company(company):
        job = Job.objects.select_for_update().filter(pk=number, state=State.WAITING).first()
        if job is None:
            return None
        job.state, job.started_at, job.attempts = State.RUNNING, timezone.now(), job.attempts + 1
        job.save(update_fields=["state", "started_at", "attempts"])
        return job, viewer_behind(job)


def _done(job: Job, viewer: Viewer, result: Any, last: tuple[int, int | None, Text | None]) -> None:
    """In the transaction of the work: neither is there without the other."""
    if not _mine(job):
        raise Interrupted
    done, total, note = last
    job.done, job.total, job.note = total if total is not None else done, total, note.as_json() if note else None
    job.state, job.ended_at, job.result = State.DONE, timezone.now(), result
    job.save(update_fields=["done", "total", "note", "state", "ended_at", "result"])
    registry.tell_end(viewer, job)


def _end(job: Job, viewer: Viewer, reporter: Reporter, state: State, problem: dict[str, Any] | None) -> None:
    """The work is undone already; only its end is written."""
    with working_for(viewer):
        if _mine(job):
            job.done, job.total, _note = reporter.last
            _write_end(job, state, problem)
            registry.tell_end(viewer, job)


def _interrupted(job: Job, error: BaseException, *, asked: bool) -> None:
    log.warning("job %s (%s) was interrupted: %r", job.pk, job.kind, error)
    with within.company(job.company_id):
        if _mine(job):
            give_back(Job.objects.get(pk=job.pk), asked=asked)


def _mine(job: Job) -> bool:
    """Lock the row, if this attempt is still the one that counts: a worker taken for dead may come back."""
    return bool(Job.objects.select_for_update().filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts).first())


def _write_end(job: Job, state: State, problem: dict[str, Any] | None) -> None:
    now = timezone.now()
    job.state, job.ended_at = state, now
    job.problem = {**problem, "at": now.isoformat()} if problem else None
    job.save(update_fields=["done", "total", "state", "ended_at", "problem"])
