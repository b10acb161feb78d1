"""Asking for a job, cancelling one, asking again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from onefloor_web.platform.jobs import queue, registry
from onefloor_web.platform.jobs.models import MOVING, Job, State
from onefloor_web.platform.tenancy.viewer import Viewer

TRIES = 5


def enqueue(
    viewer: Viewer,
    kind: str,
    *,
    key: str = "",
    subject: str = "",
    page: str = "",
    after: timedelta | None = None,
    **params: Any,
) -> Job:
    """Ask for a job, in the transaction that is open: committed with it, or never.

    Args:
        viewer: for whom it works; it will see what this viewer may see then.
        kind: name of a declared kind.
        key: what it is about. While a job of this kind and key waits or runs, that one is returned.
        subject: what it is about, in words for the page: a file's name.
        page: address of the page that shows what came of it.
        after: not earlier than so long from now.
        params: what the function is called with; JSON.

    Raises:
        UnknownKind: nobody has declared it.
    """
    registry.kind(kind)
    at = timezone.now() + after if after else None
    for _ in range(TRIES):
        if key and (same := Job.objects.filter(company=viewer.company, kind=kind, key=key, state__in=MOVING).first()):
            return same
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    company_id=viewer.company, kind=kind, key=key, subject=subject, page=page, params=params,
                    not_before=at, requested_by_id=viewer.user, requested_name=viewer.name, acting=_acting(viewer),
                )  # fmt: skip
                queue.put(job, at)
                return job
        except IntegrityError as error:
            if not _same_key(error):
                raise
    raise RuntimeError(f"{kind} {key}: a job of this key ended each time it was looked for")


def cancel(viewer: Viewer, job: Job) -> Job:
    """Cancel a job: one that waits ends at once, one that runs ends when it next tells its progress."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.moving:
        return job
    job.cancel_asked_at, job.cancel_asked_by = timezone.now(), viewer.name
    if job.state == State.WAITING:
        job.state, job.ended_at = State.CANCELLED, job.cancel_asked_at
        queue.remove(job)
    job.save(update_fields=["cancel_asked_at", "cancel_asked_by", "state", "ended_at"])
    if not job.moving:
        registry.tell_end(viewer, job)
    return job


def retry(viewer: Viewer, job: Job) -> Job:
    """Run a failed or cancelled job again; why it failed is kept.

    If another job of its key waits or runs already, that one is returned.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in (State.FAILED, State.CANCELLED):
        return job
    same = Job.objects.filter(company=job.company_id, kind=job.kind, key=job.key, state__in=MOVING)
    if job.key and (other := same.first()):
        return other
    again(job)
    return job


def again(job: Job, *, interruptions: int = 0) -> None:
    """Put a job back to the start of its way, its row being locked."""
    job.earlier = [*job.earlier, job.problem] if job.problem else job.earlier
    job.problem, job.result, job.note, job.done, job.total = None, None, None, 0, None
    job.started_at, job.ended_at, job.cancel_asked_at, job.cancel_asked_by = None, None, None, ""
    job.state, job.not_before = State.WAITING, None
    job.interruptions = interruptions
    job.save()
    queue.put(job)


def _acting(viewer: Viewer) -> dict[str, Any]:
    actions = None if viewer.actions is None else sorted(viewer.actions)
    return {"roles": sorted(viewer.roles), "actions": actions, "second_factor": viewer.second_factor}


def _same_key(error: IntegrityError) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") == "job_key_once"
