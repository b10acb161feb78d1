"""The queue beneath: procrastinate's tables, in the same database and the same transaction as the job's row.

The queue knows only numbers: that of the company and that of the job.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.registry import kind

TASK = "onefloor.job"

# A worker that has been silent for so many seconds is taken for dead.
_ALIVE = "w.last_heartbeat > now() - %s * interval '1 second'"
_QUEUED = f"""exists (
    select 1 from procrastinate_jobs q left join procrastinate_workers w on w.id = q.worker_id
    where q.id = jobs_job.queued_as
    and (q.status = 'doing' and {_ALIVE} or q.status = 'todo' and jobs_job.state = 'waiting'))"""
_LOST = (
    f"select id from jobs_job where company_id = %s and state in ('waiting', 'running') and not {_QUEUED} order by id"
)
_LEFT = f"""delete from procrastinate_jobs q where q.status = 'doing'
    and not exists (select 1 from procrastinate_workers w where w.id = q.worker_id and {_ALIVE})"""


def put(job: Job, at: datetime | None = None) -> None:
    """Put a job's number into the queue; a worker sees it when the transaction is committed."""
    lock = f"{job.kind} of {job.company_id}" if kind(job.kind).alone else None
    queued = app.configure_task(TASK, lock=lock, schedule_at=at)
    with _errors_of_django():
        job.queued_as = queued.defer(company=job.company_id, job=job.pk)
    job.save(update_fields=["queued_as"])


@contextmanager
def _errors_of_django() -> Iterator[None]:
    """A database that is away is told by the queue as by any other statement: everybody looks for Django's errors."""
    try:
        yield
        return
    except ConnectorException as error:
        told = error.__cause__ or error
    with connection.wrap_database_errors:  # out of the clause above: an error is no cause of its own cause
        raise told


def remove(job: Job) -> None:
    """Take a job that nobody is running out of the queue."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s and status = 'todo'", [job.queued_as])


def lost(company: int, patience: float) -> list[int]:
    """Jobs of the bound company that run nowhere: their worker is silent for ``patience`` seconds, or never knew."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [company, patience])
        return [row[0] for row in cursor.fetchall()]


def tidy(patience: float) -> None:
    """Forget what dead workers have left, with the locks it holds; their jobs are given back by then."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [patience])
