"""Operations of jobs: how far they are, and cancelling one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from onefloor_web.platform.jobs import actions
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Jobs")
NUMBER = "{int:number}"


class JobOut(Schema):
    """A job and how far it is."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[12])
    kind: str
    subject: str = Field(description="What it is about", examples=["queue_log-2026-10"])
    state: str = Field(description="waiting, running, done, failed or cancelled", examples=["running"])
    done: int
    total: int | None = None
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_asked_at: datetime | None = None


@operation(routes, "GET", "/jobs", action="jobs.view", gives=Many[JobOut])
def jobs(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Jobs one may see, the latest first."""
    return paged(only_visible(request.viewer, "jobs.view", Job.objects.all()), page, order=["-pk"])


@operation(routes, "GET", f"/jobs/{NUMBER}", action="jobs.view", gives=JobOut)
def job(request: ViewerRequest, number: int, response: HttpResponse) -> JobOut:
    """One job."""
    return shown(response, JobOut.from_orm(found(request.viewer, "jobs.view", Job.objects.all(), pk=number)))


@operation(routes, "POST", f"/jobs/{NUMBER}/cancellation", action="jobs.change", gives=JobOut, also=(412, 428))
def job_cancellation(request: ViewerRequest, number: int, response: HttpResponse) -> JobOut:
    """Cancel a job: one that waits ends at once, one that runs when it next tells its progress."""
    held = found(request.viewer, "jobs.change", Job.objects.select_for_update(of=("self",)), pk=number)
    unchanged(request, JobOut.from_orm(held))
    return shown(response, JobOut.from_orm(actions.cancel(request.viewer, held)))
