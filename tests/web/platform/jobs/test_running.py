"""One attempt at a job: done with its work in one commit, or undone with a reason."""

from __future__ import annotations

from contextlib import closing
from threading import Event

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from job_runs import InMemory, run_waiting
from world import World

from onefloor.language import Text
from onefloor_web.platform.companies.models import Site
from onefloor_web.platform.jobs import queries, registry, running
from onefloor_web.platform.jobs.actions import cancel, enqueue, retry
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.jobs.progress import Cancelled, Interrupted, Reporter
from onefloor_web.platform.jobs.queue import put
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for
from onefloor_web.platform.tenancy.viewer import Viewer


@pytest.fixture
def viewer(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


def ask(viewer: Viewer, kind: str, **params: object) -> Job:
    with working_for(viewer):
        return enqueue(viewer, kind, **params)


def seen(viewer: Viewer, job: Job) -> tuple[Job, list[str]]:
    """The job as it is now, and what was written."""
    with tenant(viewer):
        sites = Site.objects.filter(company=viewer.company).exclude(name__contains="MARKER")
        return Job.objects.get(pk=job.pk), list(sites.values_list("name", flat=True))


def test_a_job_works_for_the_one_who_asked(viewer: Viewer, monkeypatch):
    found = []
    kind = registry.Kind("tests.look", "Look", lambda viewer, progress: found.append(viewer), None, False, False)
    monkeypatch.setitem(registry._KINDS, "tests.look", kind)
    ask(viewer, "tests.look")
    run_waiting(viewer.company)
    assert found == [viewer]


def test_what_was_done_and_its_result_are_kept(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one", steps=3)
    run_waiting(viewer.company)
    ended, sites = seen(viewer, job)
    assert (ended.state, ended.result, ended.attempts) == (State.DONE, {"written": "one"}, 1)
    assert (ended.done, ended.total, ended.problem) == (3, 3, None)
    assert sites == ["one"]


def test_a_refusal_undoes_the_work_and_says_why(viewer: Viewer):
    job = ask(viewer, "tests.refuse", text="one")
    run_waiting(viewer.company)
    ended, sites = seen(viewer, job)
    assert (ended.state, sites) == (State.FAILED, [])
    assert queries.problem_of(ended.problem).to("en") == '"one" cannot be loaded. Take another.'


def test_a_fault_undoes_the_work_and_gives_a_number_that_the_log_has(viewer: Viewer, caplog):
    job = ask(viewer, "tests.fail", text="one")
    run_waiting(viewer.company)
    ended, sites = seen(viewer, job)
    reference = ended.problem["reference"]
    assert (ended.state, sites) == (State.FAILED, [])
    assert f"quote {reference}" in queries.problem_of(ended.problem).to("en")
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_retry_keeps_why_it_failed_before(viewer: Viewer):
    job = ask(viewer, "tests.refuse", text="one")
    for _ in range(2):
        run_waiting(viewer.company)
        with working_for(viewer):
            job = retry(viewer, Job.objects.get(pk=job.pk))
    assert (job.state, job.problem, job.attempts) == (State.WAITING, None, 2)
    assert [problem.what.en for _at, problem in queries.earlier(job)] == ['"one" cannot be loaded.'] * 2


def test_a_retry_while_another_of_its_key_waits_returns_that_one(viewer: Viewer):
    failed = ask(viewer, "tests.refuse", key="k", text="one")
    run_waiting(viewer.company)
    waiting = ask(viewer, "tests.refuse", key="k", text="one")
    with working_for(viewer):
        assert retry(viewer, failed) == waiting


def test_a_cancelled_job_undoes_its_work(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    run_waiting(viewer.company, InMemory([True]))
    ended, sites = seen(viewer, job)
    assert (ended.state, sites, ended.problem) == (State.CANCELLED, [], None)


def test_a_job_that_is_asked_to_cancel_is_marked_until_it_listens(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    with working_for(viewer):
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
        assert (cancel(viewer, job).state, cancel(viewer, job).cancel_asked_by) == (State.RUNNING, viewer.name)


def test_a_worker_that_stops_puts_its_job_back(viewer: Viewer):
    stopping = Event()
    stopping.set()
    job = ask(viewer, "tests.write", text="one")
    begun = running.begin(viewer.company, job.pk)
    running.attempt(*begun, InMemory(), stopping)
    ended, sites = seen(viewer, job)
    assert (ended.state, sites, ended.interruptions) == (State.WAITING, [], 0)
    run_waiting(viewer.company)
    assert seen(viewer, job)[1] == ["one"]


def test_a_job_that_leaves_the_choice_to_a_person_fails_with_those_words(viewer: Viewer):
    job = ask(viewer, "tests.write_once", text="one")
    run_waiting(viewer.company, InMemory([None]))
    ended, sites = seen(viewer, job)
    assert (ended.state, sites) == (State.FAILED, [])
    assert "nothing was changed" in queries.problem_of(ended.problem).what.en


def test_a_job_that_is_interrupted_again_and_again_is_given_up(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    run_waiting(viewer.company, InMemory([None] * 3))
    ended, sites = seen(viewer, job)
    assert (ended.state, ended.attempts, sites) == (State.FAILED, 3, [])
    assert "interrupted 3 times" in queries.problem_of(ended.problem).what.en


def test_a_lost_database_is_an_interruption_and_no_fault(viewer: Viewer, monkeypatch):
    def lost(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    kind = registry.Kind("tests.lost", "Lost", lost, None, False, False)
    monkeypatch.setitem(registry._KINDS, "tests.lost", kind)
    job = ask(viewer, "tests.lost")
    running.attempt(*running.begin(viewer.company, job.pk), InMemory(), Event())
    assert (seen(viewer, job)[0].state, seen(viewer, job)[0].interruptions) == (State.WAITING, 1)


def someone_of(world: World) -> Viewer:
    with transaction.atomic():
        return world["North"].viewer(Role.PROJECT_MANAGER)


def cut_others() -> None:
    """What a restart of the database does to the connections besides this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
        )


def test_a_lost_connection_of_the_progress_is_an_interruption_too(own_world: World, monkeypatch):
    viewer = someone_of(own_world)

    def cut_off(_: Viewer, progress: Reporter) -> None:
        progress(0, 2, Text("开始", "begin"))
        cut_others()
        progress(1, 2, Text("继续", "go on"))

    kind = registry.Kind("tests.cut", "Cut", cut_off, None, False, False)
    monkeypatch.setitem(registry._KINDS, "tests.cut", kind)
    job = ask(viewer, "tests.cut")
    running.run(viewer.company, job.pk, Event())
    with working_for(viewer):
        after = Job.objects.get(pk=job.pk)
    assert (after.state, after.interruptions, after.problem) == (State.WAITING, 1, None)


def test_a_lost_connection_is_told_by_the_queue_as_by_any_statement(own_world: World):
    with pytest.raises(OperationalError):
        put_after_a_cut(someone_of(own_world), own_world)


def put_after_a_cut(viewer: Viewer, world: World) -> None:
    with working_for(viewer):
        job = Job.objects.create(company_id=viewer.company, kind="tests.write", requested_name="x", params={})
        with closing(psycopg.connect(world.database.superuser_url)) as superuser:
            superuser.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        put(job)


def test_a_worker_taken_for_dead_that_comes_back_changes_nothing(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    begun, seen_by = running.begin(viewer.company, job.pk)
    with tenant(viewer):
        running.give_back(Job.objects.get(pk=job.pk))
    run_waiting(viewer.company)
    running.attempt(begun, seen_by, InMemory(), Event())
    ended, sites = seen(viewer, job)
    assert (ended.state, ended.attempts, sites) == (State.DONE, 2, ["one"])


def test_a_job_is_begun_once(viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    assert running.begin(viewer.company, job.pk)
    assert running.begin(viewer.company, job.pk) is None


def test_a_job_of_another_company_is_not_begun(world: World, viewer: Viewer):
    job = ask(viewer, "tests.write", text="one")
    assert running.begin(world["Harbor"].company.pk, job.pk) is None


def test_a_token_s_limits_hold_in_its_jobs(viewer: Viewer):
    from dataclasses import replace

    limited = replace(viewer, actions=frozenset({"jobs.view"}))
    assert running.begin(viewer.company, ask(limited, "tests.write", text="x").pk)[1] == limited


def test_the_company_s_own_work_keeps_the_roles_it_was_given(viewer: Viewer):
    from dataclasses import replace

    nobody = replace(viewer, user=None, name="the floor's clock", roles=frozenset({"planner"}), teams=(), agent=None)
    assert running.begin(viewer.company, ask(nobody, "tests.write", text="x").pk)[1] == nobody


def test_those_who_want_to_know_are_told_of_the_end(viewer: Viewer, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_AFTERWARDS", [lambda viewer, job: told.append((viewer.company, job.state))])
    for kind in ("tests.write", "tests.refuse"):
        ask(viewer, kind, text="one")
    run_waiting(viewer.company)
    assert told == [(viewer.company, State.DONE), (viewer.company, State.FAILED)]


def test_reports_are_passed_on_a_few_times_a_second():
    channel = InMemory()
    reporter = Reporter(channel, Event())
    for done in range(10_000):
        reporter(done, 10_000)
    assert 1 <= len(channel.reports) < 10
    assert reporter.last == (9_999, 10_000, None)


def test_a_report_raises_what_has_happened_meanwhile():
    stopping = Event()
    with pytest.raises(Cancelled):
        Reporter(InMemory([True]), stopping)(1)
    with pytest.raises(Interrupted):
        Reporter(InMemory([None]), stopping)(1)
    stopping.set()
    with pytest.raises(Interrupted):
        Reporter(InMemory(), stopping)(1)
