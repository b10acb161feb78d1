"""After a load the pages show its figures, without anybody asking for it; with nothing changed nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from job_runs import run_waiting
from world import World

from onefloor.facts.kinds import kind
from onefloor.facts.load import load_files
from onefloor.floor import Floor, create_floor
from onefloor.metrics.prepare import is_current, prepare
from onefloor_web.platform.companies.mirroring import mirror
from onefloor_web.platform.companies.models import Employment, PersonName
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.records.preparing import jobs

ROSTER = Path(__file__).parents[4] / "examples" / "asterisk_run" / "roster.csv"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Floor:
    made = create_floor(tmp_path / "floor", timezone="Europe/Berlin")
    prepare(made)
    reader = kind("roster")
    load_files(made, reader.source, reader.reader, [ROSTER])
    monkeypatch.setattr(settings, "FLOOR", made.root)
    return made


def ended(world: World, kind: str, state: State) -> None:
    """A job of North's manager has just ended."""
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(viewer):
        jobs.ask(viewer, Job.objects.create(company_id=viewer.company, kind=kind, state=state, params={}, acting={}))


def test_a_load_is_followed_by_the_figures_and_the_people_of_all_companies(world: World, served: Floor) -> None:
    assert not is_current(served)
    ended(world, "imports.load", State.DONE)
    run_waiting(world["North"].company.pk)
    assert is_current(served)
    with tenant(world["Own"].viewer(Role.ADMINISTRATOR)):
        codes = set(Employment.objects.values_list("code", "company__code"))
    assert {company for _code, company in codes} >= {"Own", "North"}
    assert ("agent1001", "Own") in codes


@pytest.mark.parametrize(
    ("kind", "state"), [("imports.load", State.FAILED), ("imports.try", State.DONE), ("jobs.tidy", State.DONE)]
)
def test_what_changed_no_facts_is_followed_by_nothing(world: World, served: Floor, kind: str, state: State) -> None:
    ended(world, kind, state)
    run_waiting(world["North"].company.pk)
    assert not is_current(served)


def test_several_loads_are_followed_by_one(world: World, served: Floor) -> None:
    for _ in range(3):
        ended(world, "rosters.load", State.DONE)
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        assert Job.objects.filter(kind=jobs.JOB).count() == 1


def test_with_nothing_changed_nothing_is_done(world: World, served: Floor) -> None:
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": True}
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": False}


def test_cubes_that_a_killed_worker_left_out_are_built(world: World, served: Floor) -> None:
    log = kind("asterisk-queue-log")
    load_files(served, log.source, log.reader, [ROSTER.with_name("queue_log")])
    prepare(served)
    mirror(served)
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    assert not list((served.derived / "cubes").rglob("*.parquet"))
    with tenant(viewer):
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": False}
    assert list((served.derived / "cubes").rglob("*.parquet"))


def test_people_that_a_killed_worker_left_out_are_made_equal_to_the_roster(world: World, served: Floor) -> None:
    """The figures are those of the roster already; a name alone may be what is missing."""
    prepare(served)
    assert is_current(served)
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        assert not Employment.objects.filter(code="agent1001").exists()
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": True}
        assert Employment.objects.filter(code="agent1001").exists()
    known = ROSTER.read_text(encoding="utf-8").splitlines()
    column = known[0].split(",").index("name")
    line = next(one for one in known if "agent1001" in one).split(",")
    named = ",".join([*line[:column], "Renamed", *line[column + 1 :]])
    again = served.root / "roster.csv"
    again.write_text(f"{known[0]}\n{named}\n", encoding="utf-8")
    reader = kind("roster")
    load_files(served, reader.source, reader.reader, [again])
    prepare(served)
    with tenant(viewer):
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": True}
        assert PersonName.objects.get(person__code="agent1001").name == "Renamed"
        assert jobs.bring_up_to_date(viewer, lambda *_args: None) == {"changed": False}


def test_a_second_one_waits_for_the_first(world: World, served: Floor) -> None:
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        jobs.bring_up_to_date(viewer, lambda *_args: None)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [jobs.MEASURING])
            assert cursor.fetchone() == (False,)
    finally:
        other.close()
