"""Rosters loaded by real workers: killed between facts and rows, two at once. Nothing lost, nothing doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from job_workers import PATIENCE, SOON, wait_for, worker
from testbed import Database
from world import World

from onefloor.facts import roster as core
from onefloor.facts.load import load_files
from onefloor.facts.store import table_version
from onefloor.floor import Floor, create_floor
from onefloor_web.platform import floor as served
from onefloor_web.platform.companies.mirroring import mirror
from onefloor_web.platform.companies.models import Employment
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters import loading
from onefloor_web.records.rosters.models import RosterFile

pytestmark = pytest.mark.processes
HEAD = "agent,name,company,employment,site,team,hired,from,to\n"
N1 = "N1,Chen Min,North,outsourced,Hefei,N one,2025-01-01,2025-01-01,"
H1 = "H1,Liu Yang,Harbor,outsourced,Xiamen,H one,2025-01-01,2025-01-01,"
O1 = "O1,Zhao Min,Own,own,Nanjing,O one,2024-01-01,2024-01-01,"
NEW = [f"N{number},Person {number},North,outsourced,Hefei,N one,2025-01-01,2025-01-01,\n" for number in range(10, 20)]


@pytest.fixture
def world(own_world: World) -> World:
    return own_world


@pytest.fixture
def own_database(own_world: World) -> Database:
    return own_world.database


@pytest.fixture
def hotline(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[Floor]:
    """A floor of its own, of this process and of the workers, with a person of each company."""
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai", name="Hotline")
    file = tmp_path / "roster.csv"
    file.write_text(HEAD + "\n".join([N1, H1, O1, ""]), encoding="utf-8")
    load_files(floor, core.SOURCE, core.read, [file])
    settings.FLOOR = floor.root
    monkeypatch.setenv("ONEFLOOR_FLOOR", str(floor.root))
    served._opened.cache_clear()
    with transaction.atomic():
        mirror(floor)
    yield floor
    served._opened.cache_clear()


@pytest.fixture
def north(world: World) -> Viewer:
    with transaction.atomic():
        return world["North"].viewer(Role.ADMINISTRATOR)


def ask(viewer: Viewer, *lines: str) -> tuple[RosterFile, Job]:
    with working_for(viewer):
        file = loading.keep(viewer, "roster.csv", (HEAD + "".join(lines)).encode())
        return file, loading.ask_to_load(viewer, file, "/rosters/")


def agents(floor: Floor) -> list[str]:
    return sorted(core.current(floor)["agent"])


def mirrored() -> list[str]:
    """Codes of all stretches that the pages read; of people of the roster only."""
    with transaction.atomic(), bound(client=True):
        codes = Employment._base_manager.exclude(code__contains="MARKER").values_list("code", flat=True)
        return sorted(codes)


def ended(job: Job) -> bool:
    return not job.moving


def test_a_load_killed_between_the_facts_and_the_rows_is_finished_by_the_next_worker(
    own_database: Database, hotline: Floor, north: Viewer, tmp_path: Path
) -> None:
    log, before = tmp_path / "worker.log", table_version(hotline, "roster")
    with psycopg.connect(own_database.superuser_url) as held:
        held.execute(f"lock table {Employment._meta.db_table} in share row exclusive mode".encode())
        file, job = ask(north, *NEW)
        with worker(own_database, log) as first:
            end = time.monotonic() + PATIENCE
            while table_version(hotline, "roster") == before:
                assert time.monotonic() < end, log.read_text(encoding="utf-8")
                time.sleep(0.05)
            first.kill()
            first.wait()
    codes = sorted(["H1", "N1", "O1", *(f"N{number}" for number in range(10, 20))])
    assert (agents(hotline), mirrored()) == (codes, ["H1", "N1", "O1"])
    with worker(own_database, log, SOON):
        after = wait_for(job, ended, log)
    assert (after.state, after.interruptions) == (State.DONE, 1)
    assert (agents(hotline), mirrored()) == (codes, codes)
    with working_for(north):
        file.refresh_from_db()
        assert (file.state, file.account["lines"], file.account["set_aside"]) == ("loaded", 10, 0)


def test_two_loads_at_once_by_two_workers_keep_what_both_say(
    own_database: Database, hotline: Floor, north: Viewer, world: World, tmp_path: Path
) -> None:
    with transaction.atomic():
        harbor = world["Harbor"].viewer(Role.ADMINISTRATOR)
    come = [f"H{number},Person {number},Harbor,outsourced,Xiamen,H one,2025-01-01,2025-01-01,\n" for number in (7, 8)]
    jobs = [ask(north, *NEW[:5])[1], ask(harbor, *come)[1], ask(north, *NEW[3:])[1], ask(harbor, come[0])[1]]
    with worker(own_database, tmp_path / "one.log"), worker(own_database, tmp_path / "two.log"):
        states = [wait_for(job, ended, tmp_path / "one.log").state for job in jobs]
    assert states == [State.DONE] * 4
    codes = sorted(["H1", "H7", "H8", "N1", "O1", *(f"N{number}" for number in range(10, 20))])
    assert (agents(hotline), mirrored()) == (codes, codes)
