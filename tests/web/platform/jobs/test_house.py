"""Jobs of dead workers, and the times of periodic ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from job_runs import run_waiting
from world import World

from onefloor_web.platform.jobs import house, registry, within
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Due, Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALF_PAST_EIGHT = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


@pytest.fixture
def daily(monkeypatch) -> None:
    """One periodic job, at 08:30 of the floor's clock, and no other."""
    monkeypatch.setattr(registry, "_SCHEDULES", {})
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))
    registry.periodic("tests.daily", cron="30 8 * * *", label="Daily", late=timedelta(hours=2))(
        lambda viewer, progress: {"company": viewer.company}
    )


def asked(world: World) -> dict[str, int]:
    """How many daily jobs each company has."""
    counts = {}
    for name, side in world.sides.items():
        with within.company(side.company.pk):
            counts[name] = Job.objects.filter(kind="tests.daily").count()
    return counts


def look(world: World, at: datetime) -> None:
    house.ask_for_due([side.company.pk for side in world.sides.values()], at)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (HALF_PAST_EIGHT, HALF_PAST_EIGHT),
        (HALF_PAST_EIGHT - timedelta(seconds=1), HALF_PAST_EIGHT - timedelta(days=1)),
        (HALF_PAST_EIGHT + timedelta(hours=23), HALF_PAST_EIGHT),
    ],
)
def test_times_are_those_of_the_floor_s_clock(now: datetime, last: datetime):
    assert house.last_time("30 8 * * *", now, SHANGHAI) == last


def test_a_clock_that_is_put_back_rings_once():
    berlin = ZoneInfo("Europe/Berlin")
    times = {
        house.last_time("30 8 * * *", datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=20 * step), berlin)
        for step in range(216)
    }
    assert sorted(time.astimezone(UTC).hour for time in times) == [6, 6, 7, 7]


def test_every_company_gets_its_job_once_however_often_somebody_looks(world: World, daily: None):
    look(world, HALF_PAST_EIGHT - timedelta(minutes=1))
    assert asked(world) == {"Own": 0, "North": 0, "Harbor": 0}
    for seconds in (0, 5, 3600):
        look(world, HALF_PAST_EIGHT + timedelta(seconds=seconds))
    assert asked(world) == {"Own": 1, "North": 1, "Harbor": 1}
    look(world, HALF_PAST_EIGHT + timedelta(days=1))
    assert asked(world) == {"Own": 2, "North": 2, "Harbor": 2}


def test_a_new_schedule_begins_with_its_next_time(world: World, daily: None):
    look(world, HALF_PAST_EIGHT + timedelta(hours=1))
    assert asked(world) == {"Own": 0, "North": 0, "Harbor": 0}


@pytest.mark.parametrize(("late", "jobs"), [(timedelta(hours=2), 1), (timedelta(hours=3), 0)])
def test_after_a_pause_it_is_done_late_or_not_at_all(world: World, daily: None, late: timedelta, jobs: int):
    look(world, HALF_PAST_EIGHT - timedelta(days=2))
    look(world, HALF_PAST_EIGHT + late)
    assert asked(world) == dict.fromkeys(("Own", "North", "Harbor"), jobs)


def test_a_periodic_job_works_for_its_company_in_nobody_s_name(world: World, daily: None):
    Due.objects.create(name="tests.daily", at=HALF_PAST_EIGHT - timedelta(days=1))
    look(world, HALF_PAST_EIGHT)
    company = world["North"].company.pk
    run_waiting(company)
    with within.company(company):
        job = Job.objects.get(kind="tests.daily")
    assert (job.state, job.result, job.requested_by_id) == (State.DONE, {"company": company}, None)


def test_a_time_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a time"):
        registry.periodic("tests.never", cron="30 25 * * *", label="Never")


def test_a_running_job_without_a_worker_is_given_back(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write_alone", text="x")
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [job.queued_as])
    house.keep(15)
    with within.company(viewer.company):
        job.refresh_from_db()
    assert (job.state, job.interruptions) == (State.WAITING, 1)
    with connection.cursor() as cursor:
        cursor.execute("select id from procrastinate_jobs")
        assert cursor.fetchall() == [(job.queued_as,)]


def test_a_running_job_with_a_worker_is_left_alone(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write", text="x")
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
        with connection.cursor() as cursor:
            cursor.execute("select * from procrastinate_register_worker_v1()")
            cursor.execute(
                "update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s",
                [cursor.fetchone()[0], job.queued_as],
            )
    house.keep(15)
    with within.company(viewer.company):
        job.refresh_from_db()
    assert job.state == State.RUNNING
