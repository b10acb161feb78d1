"""Real workers: killed, stopped, several at once, and with a database that goes away. Nothing lost, nothing doubled."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from django.db import connection, transaction
from job_workers import SOON, stop, wait_for, worker
from testbed import Database
from world import World

from onefloor_web.platform.companies.models import Site
from onefloor_web.platform.jobs import within
from onefloor_web.platform.jobs.actions import cancel, enqueue
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer


@pytest.fixture
def world(own_world: World) -> World:
    return own_world


@pytest.fixture
def own_database(own_world: World) -> Database:
    return own_world.database


@pytest.fixture
def viewer(world: World) -> Viewer:
    with transaction.atomic():
        return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


def ask(viewer: Viewer, kind: str, text: str, **params: object) -> Job:
    with working_for(viewer):
        return enqueue(viewer, kind, text=text, **params)


def written(viewer: Viewer) -> list[str]:
    with within.company(viewer.company):
        sites = Site.objects.filter(company=viewer.company).exclude(name__contains="MARKER")
        return sorted(sites.values_list("name", flat=True))


def running(job: Job) -> bool:
    return job.state == State.RUNNING


def begun(job: Job) -> bool:
    return running(job) and job.done > 0


def ended(job: Job) -> bool:
    return not job.moving


def test_progress_is_seen_while_the_work_is_not(own_database: Database, viewer: Viewer, log: Path):
    job = ask(viewer, "tests.write", "one", steps=20, pause=0.1)
    with worker(own_database, log):
        seen = wait_for(job, begun, log)
        assert (seen.total, seen.note["en"], written(viewer)) == (20, "writing", [])
        assert wait_for(job, ended, log).state == State.DONE
    assert written(viewer) == ["one"]


def test_a_worker_killed_in_mid_job_loses_nothing_and_doubles_nothing(
    own_database: Database, viewer: Viewer, log: Path
):
    job, behind = (ask(viewer, "tests.write_alone", text, steps=30, pause=0.1) for text in ("one", "two"))
    with worker(own_database, log) as first:
        wait_for(job, begun, log)
        first.kill()
    with worker(own_database, log, SOON):
        after = wait_for(job, ended, log)
        assert (after.state, after.attempts, after.interruptions) == (State.DONE, 2, 1)
        assert wait_for(behind, ended, log).attempts == 1
    assert written(viewer) == ["one", "two"]


def test_a_killed_job_that_leaves_the_choice_says_that_nothing_was_done(
    own_database: Database, viewer: Viewer, log: Path
):
    job = ask(viewer, "tests.write_once", "one", steps=100, pause=0.1)
    with worker(own_database, log) as first:
        wait_for(job, begun, log)
        first.kill()
    with worker(own_database, log, SOON):
        after = wait_for(job, ended, log)
    assert (after.state, after.attempts, written(viewer)) == (State.FAILED, 1, [])
    assert "nothing was changed" in after.problem["what"]["en"]


def test_a_running_job_is_cancelled_where_it_stands(own_database: Database, viewer: Viewer, log: Path):
    job = ask(viewer, "tests.write", "one", steps=1000, pause=0.05)
    with worker(own_database, log):
        wait_for(job, begun, log)
        with working_for(viewer):
            cancel(viewer, job)
        assert wait_for(job, ended, log).state == State.CANCELLED
    assert written(viewer) == []


def test_a_worker_stops_before_its_job_ends_which_goes_on_elsewhere(own_database: Database, viewer: Viewer, log: Path):
    job = ask(viewer, "tests.write", "one", steps=100, pause=0.05)
    with worker(own_database, log) as first:
        wait_for(job, begun, log)
        assert stop(first) == 0
        left = wait_for(job, lambda job: not running(job), log)
        assert (left.state == State.DONE, left.interruptions, written(viewer)) == (False, 0, [])
    with worker(own_database, log):
        assert wait_for(job, ended, log).state == State.DONE
    assert written(viewer) == ["one"]


def test_a_worker_with_a_job_that_does_not_listen_stops_all_the_same(own_database: Database, viewer: Viewer, log: Path):
    job = ask(viewer, "tests.deaf", "one")
    with worker(own_database, log) as first:
        wait_for(job, running, log)
        time.sleep(0.2)
        stop(first)
    with worker(own_database, log, SOON):
        again = wait_for(job, lambda job: running(job) and job.attempts == 2, log)
    assert (again.interruptions, written(viewer)) == (1, [])


def test_an_idle_worker_stops(own_database: Database, world: World, viewer: Viewer, log: Path):
    job = ask(viewer, "tests.write", "one")
    with worker(own_database, log) as only:
        wait_for(job, ended, log)
        assert stop(only) == 0


def test_two_workers_share_the_work_and_do_each_job_once(own_database: Database, viewer: Viewer, log: Path):
    jobs = [ask(viewer, "tests.write", f"{number:02}", pause=0.05) for number in range(30)]
    with worker(own_database, log), worker(own_database, log):
        attempts = [wait_for(job, ended, log).attempts for job in jobs]
    assert attempts == [1] * 30
    assert written(viewer) == [f"{number:02}" for number in range(30)]


def test_one_at_a_time_holds_over_several_workers(own_database: Database, viewer: Viewer, log: Path):
    jobs = [ask(viewer, "tests.write_alone", f"{number}", steps=2, pause=0.1) for number in range(3)]
    with worker(own_database, log), worker(own_database, log):
        done = [wait_for(job, ended, log) for job in jobs]
    times = sorted((job.started_at, job.ended_at) for job in done)
    assert all(before[1] <= after[0] for before, after in pairwise(times))


def test_a_double_click_asks_once(own_database: Database, viewer: Viewer):
    jobs: list[int] = []
    ready = Event()

    def click() -> None:
        ready.wait()
        jobs.append(ask(viewer, "tests.write", "one", key="file 1").pk)
        connection.close()

    clicks = [Thread(target=click) for _ in range(8)]
    for one in clicks:
        one.start()
    ready.set()
    for one in clicks:
        one.join()
    assert (len(jobs), len(set(jobs))) == (8, 1)


def test_a_database_that_cuts_all_connections_under_load_loses_and_doubles_nothing(
    own_database: Database, viewer: Viewer, log: Path
):
    jobs = [ask(viewer, "tests.write", f"{number:02}", steps=5, pause=0.05) for number in range(20)]
    with worker(own_database, log, SOON) as only:
        for at in (3, 9):
            wait_for(jobs[at], running, log)
            cut(own_database)
        ends = [wait_for(job, ended, log) for job in jobs]
        assert only.poll() is None
    assert [(job.pk, job.problem) for job in ends if job.state != State.DONE] == [], log.read_text(encoding="utf-8")
    assert written(viewer) == [f"{number:02}" for number in range(20)]


def cut(database: Database) -> None:
    """What a restart does to those who are connected, in a database of the test's own."""
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    connection.close()
