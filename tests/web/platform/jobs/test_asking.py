"""Asking for a job: in the request's transaction, once for a key, in the company's own name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction
from job_kinds.jobs import write
from job_runs import run_waiting
from world import World

from onefloor_web.platform.jobs import queue, registry
from onefloor_web.platform.jobs.actions import cancel, enqueue, retry
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for


def queued() -> list[tuple[int, int]]:
    """``(company, job)`` of what lies in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select args->>'company', args->>'job' from procrastinate_jobs where status = 'todo' order by id"
        )
        return [(int(company), int(job)) for company, job in cursor.fetchall()]


def test_a_job_and_its_place_in_the_queue_come_together(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write", text="one", subject="file one")
    assert queued() == [(viewer.company, job.pk)]
    assert (job.state, job.requested_by_id, job.requested_name) == (State.WAITING, viewer.user, viewer.name)


def test_a_request_that_fails_leaves_neither_a_job_nor_a_place_in_the_queue(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with suppress(ZeroDivisionError), working_for(viewer):
        enqueue(viewer, "tests.write", text="one")
        raise ZeroDivisionError
    with tenant(viewer):
        assert not Job.objects.filter(kind="tests.write").exists()
    assert queued() == []


def test_the_same_key_returns_the_job_that_waits(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        first, second = (enqueue(viewer, "tests.write", key="file 1", text="x") for _ in range(2))
        other = enqueue(viewer, "tests.write", key="file 2", text="x")
    assert first == second != other
    assert len(queued()) == 2


def test_a_key_is_free_again_when_its_job_has_ended(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        first = enqueue(viewer, "tests.write", key="file 1", text="x")
        cancel(viewer, first)
        assert enqueue(viewer, "tests.write", key="file 1", text="x") != first


def test_two_companies_do_not_share_a_key(world: World):
    jobs = []
    for name in ("North", "Harbor"):
        viewer = world[name].viewer(Role.PROJECT_MANAGER)
        with working_for(viewer):
            jobs.append(enqueue(viewer, "tests.write", key="the same", text="x"))
    assert jobs[0].pk != jobs[1].pk


def test_a_kind_nobody_declared_is_a_slip_of_the_pen(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with pytest.raises(registry.UnknownKind), working_for(viewer):
        enqueue(viewer, "tests.wirte", text="x")


def test_a_kind_is_declared_once():
    with pytest.raises(registry.DeclaredTwice):
        registry.job("tests.write", label="again")(write)


def test_a_waiting_job_is_cancelled_at_once_and_leaves_the_queue(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = cancel(viewer, enqueue(viewer, "tests.write", text="x"))
    assert (job.state, job.cancel_asked_by) == (State.CANCELLED, viewer.name)
    assert queued() == []


def test_a_job_that_was_done_is_neither_cancelled_nor_repeated(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write", text="x")
        run_waiting(viewer.company)
        assert cancel(viewer, job).state == retry(viewer, job).state == State.DONE


def test_the_same_key_while_it_runs_is_refused_by_the_database_too(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write", key="file 1", text="x")
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(company_id=viewer.company, kind="tests.write", key="file 1")


def test_a_job_taken_out_of_the_queue_by_force_is_found(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job, kept = (enqueue(viewer, "tests.write", text="x") for _ in range(2))
        queue.remove(job)
        assert queue.lost(viewer.company, 15) == [job.pk]
        assert kept.pk not in queue.lost(viewer.company, 15)
