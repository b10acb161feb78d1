"""The client locks, the vendor acknowledges; then the rows stand among the facts, once."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override
from job_runs import run_waiting
from world import World
from worlds.agreements import source_of

from onefloor.facts.store import scan
from onefloor.floor import open_floor
from onefloor.periods import Month
from onefloor_web.agreements.duties.models import Duty
from onefloor_web.agreements.duties.models import State as Owed
from onefloor_web.agreements.duties.queries import MISSED, standing
from onefloor_web.agreements.forecasts import actions, jobs, loading, queries
from onefloor_web.agreements.forecasts.actions import BadLines, NothingInIt, NotInForce, OneSide, Superseded, TooLarge
from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.forecasts.queries import State
from onefloor_web.agreements.forecasts.reading import read
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.calendars.providers import deadlines_of
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import needs_of

ZONE = ZoneInfo("Asia/Shanghai")
DECEMBER = Month(2026, 12)
QUEUE = "NORTHMARKER queue"
FILE = f"interval,queue,company,contacts\n2026-12-01 08:30,{QUEUE},North,40\n2026-12-02 09:00,{QUEUE},North,60\n"
TERMS = """forecast: {id: "3", title: Band, text: band, band: 10%}
clocks:
  - {duty: forecast, title: Forecast, before: 5 days}
"""


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.PLANNER)


@pytest.fixture
def agreement(world: World) -> Agreement:
    """North's, in force, with a band and a clock for forecasts."""
    own, north = (world[name].viewer(Role.SIGNATORY) for name in ("Own", "North"))
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        version = propose(own, source_of(world["North"], more=TERMS))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)
    return world["North"].rows["agreement"]


def locked(own: Viewer, agreement: Agreement, file: str = FILE, month: Month = DECEMBER) -> Lock:
    with tenant(own):
        return actions.lock_it(own, actions.bring(own, agreement, month, "forecast.csv", file.encode()))


def read_text(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "forecast.csv"
    path.write_text(text, encoding="utf-8")
    return read(path, month=DECEMBER, company="North", zone=ZONE, queues=["tech", "bill"])


def test_every_line_is_accounted_for_and_bad_ones_say_why(tmp_path: Path):
    lines = [
        "2026-12-01 08:30,tech,North,40", "2026/12/01 09:00,tech,North,\"1,200\"", "", "2026-12-01 08:30,tech,Harbor,9",
        "2027-01-01 08:30,tech,North,9", "2026-12-01 08:45,tech,North,9", "soon,tech,North,9",
        "2026-12-01 10:00,,North,9", "2026-12-01 10:00,tehc,North,9", "2026-12-01 10:00,tech,,9",
        "2026-12-01 10:00,tech,North,4.5", "2026-12-01 10:30,tech,North,-1", "2026-12-01 08:30,tech,North,41",
    ]  # fmt: skip
    found = read_text(tmp_path, "interval,queue,company,contacts\n" + "\n".join(lines) + "\n")
    assert sorted(found.rows.values()) == [40, 1200]
    assert dict(found.ignored) == {"blank": 1, "other_company": 1, "other_month": 1}
    assert [fault for _, fault in found.bad] == [
        "half_hour", "interval", "queue", "unknown_queue", "company", "contacts", "contacts", "twice",
    ]  # fmt: skip
    assert found.lines == len(found.rows) + sum(found.ignored.values()) + len(found.bad) == 13


def test_without_a_column_of_companies_all_is_the_companys_share(tmp_path: Path):
    found = read_text(tmp_path, "时段,队列,话务量\n2026-12-01 08:30,tech,40\n")
    assert (list(found.rows.values()), found.bad) == ([40], [])


def test_a_workbook_reads_as_a_table_does(tmp_path: Path):
    path = tmp_path / "forecast.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate([["interval", "queue", "contacts"], ["2026-12-01 08:30", "tech", 40]]):
            sheet.write_row(at, 0, cells)
    found = read(path, month=DECEMBER, company="North", zone=ZONE, queues=["tech"])
    assert (list(found.rows.values()), found.bad) == ([40], [])


def test_a_moment_that_the_clocks_skip_is_refused(tmp_path: Path):
    path = tmp_path / "forecast.csv"
    path.write_text("interval,queue,contacts\n2026-03-29 02:30,tech,1\n2026-10-25 02:30,tech,1\n", encoding="utf-8")
    zone = ZoneInfo("Europe/Berlin")
    for month in (Month(2026, 3), Month(2026, 10)):
        assert read(path, month=month, company="N", zone=zone, queues=["tech"]).bad == [(2, "clock"), (3, "clock")]


def test_the_band_is_that_of_the_terms(own: Viewer, agreement: Agreement):
    lock = locked(own, agreement)
    with tenant(own):
        band = queries.band_of(agreement, lock, queries.rows_of(lock, ZONE))
    assert band is not None
    assert (band.locked, band.lower, band.upper, band.in_terms) == (100, 90, 110, None)


def test_a_lock_in_time_is_the_duty_delivered(own: Viewer, agreement: Agreement, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 20, 10, tzinfo=ZONE))
    lock = locked(own, agreement)
    assert (lock.version, lock.horizon, lock.late_since) == (1, 11, None)
    with tenant(own):
        duty = Duty.objects.get(reference="forecast-2026-12")
        assert (duty.state, duty.done_at) == (Owed.DONE, lock.given_at)


def test_a_late_lock_says_since_when_and_a_later_version_has_its_own_horizon(
    own: Viewer, agreement: Agreement, monkeypatch
):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 10, tzinfo=ZONE))
    first, second = locked(own, agreement), locked(own, agreement, FILE.replace(",60", ",70"))
    assert first.late_since == datetime(2026, 11, 26, 18, tzinfo=ZONE)
    assert [(lock.version, lock.horizon, lock.contacts) for lock in (first, second)] == [(1, 1, 100), (2, 1, 110)]
    with tenant(own):
        duty = Duty.objects.get(reference="forecast-2026-12")
        assert (duty.done_at, duty.due_at) == (first.given_at, first.late_since)


def test_locking_and_acknowledging_twice_is_as_once(own: Viewer, north: Viewer, agreement: Agreement):
    lock = locked(own, agreement)
    with tenant(own):
        assert actions.lock_it(own, lock).version == 1
        actions.discard(own, lock)
        with pytest.raises(OneSide):
            actions.acknowledge(own, lock)
    with tenant(north):
        assert [need.due for need in needs_of(north) if need.url == actions.page_of(lock)] == [lock.answer_by]
        assert actions.acknowledge(north, lock) == actions.acknowledge(north, lock)
        assert queries.state_of(Lock.objects.get(pk=lock.pk)) == State.ACKNOWLEDGED
        assert [need for need in needs_of(north) if need.url == actions.page_of(lock)] == []


def test_a_second_person_acknowledges_for_own_staff(world: World, own: Viewer):
    lock = world["Own"].rows["lock"]
    second = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(second):
        assert actions.acknowledge(second, lock).user_name == second.name


@pytest.mark.parametrize(
    ("file", "month", "problem"),
    [
        (FILE.replace("North", "Harbor"), DECEMBER, NothingInIt),
        (FILE, Month(2020, 12), NotInForce),
        ("interval,queue\n", DECEMBER, Exception),
        ("x" * (actions.LARGEST + 1), DECEMBER, TooLarge),
    ],
    ids=["another company's", "before the agreement", "without contacts", "too large"],
)
def test_wrong_files_are_refused(own: Viewer, agreement: Agreement, file: str, month: Month, problem: type[Exception]):
    with tenant(own), pytest.raises(problem):
        actions.bring(own, agreement, month, "f.csv", file.encode())


def test_a_draft_with_bad_lines_is_not_locked_and_is_the_clients_alone(
    own: Viewer, north: Viewer, agreement: Agreement
):
    with tenant(own):
        lock = actions.bring(own, agreement, DECEMBER, "f.csv", (FILE + f"nonsense,{QUEUE},North,1\n").encode())
        number = lock.pk
        with pytest.raises(BadLines):
            actions.lock_it(own, lock)
    with tenant(north):
        assert not Lock.objects.filter(pk=lock.pk).exists()
    with tenant(own):
        actions.discard(own, lock)
        assert not Lock.objects.filter(pk=lock.pk).exists()
        told = Event.objects.filter(about="forecasts.lock", number=number).order_by("pk")
        assert [event.name for event in told] == ["forecasts.brought", "forecasts.discarded"]
    with tenant(north):
        assert not Event.objects.filter(about="forecasts.lock", number=number).exists()


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(caught.value)


SAYS = """
    insert into forecasts_acknowledgement (company_id, author_id, given_at, lock_id, user_number, user_name)
    values (%s, %s, now(), %s, 1, 'x')
"""


def test_sql_of_the_application_cannot_act_for_the_other_company(own: Viewer, north: Viewer, agreement: Agreement):
    lock = locked(own, agreement)
    with tenant(own):
        assert "the other side" in refused(SAYS, north.company, own.company, lock.pk)
        assert "row-level security" in refused(SAYS, north.company, north.company, lock.pk)
        assert "stays" in refused("update forecasts_lock set contacts = 1 where id = %s", lock.pk)
        assert "Cannot delete" in refused("delete from forecasts_lock where id = %s", lock.pk)
    with tenant(north):
        assert "only its author" in refused("update forecasts_lock set contacts = 1 where id = %s", lock.pk)
        with pytest.raises(DatabaseError, match="the client locks"), transaction.atomic():
            Lock.objects.create(
                company_id=north.company, author_id=north.company, agreement=agreement, month="2026-12", file="x",
                content="", digest="", contacts=0, account={}, user_number=1, user_name="x",
            )  # fmt: skip
        actions.acknowledge(north, lock)
        assert "Cannot update" in refused("update forecasts_acknowledgement set user_name = 'y' where true")


def test_acknowledged_rows_stand_among_the_facts_once(
    own: Viewer, north: Viewer, agreement: Agreement, tmp_path: Path, settings: Any, monkeypatch
):
    shutil.copytree(settings.FLOOR, tmp_path / "floor", ignore=shutil.ignore_patterns("web"))
    copy = open_floor(tmp_path / "floor")
    monkeypatch.setattr(loading, "floor", lambda: copy)
    lock = locked(own, agreement)
    with tenant(north):
        said = actions.acknowledge(north, lock)
        accounts = [loading.write(said) for _ in range(2)]
    assert [(one.lines, one.loaded) for one in accounts] == [(2, 2), (2, 0)]
    rows = scan(copy, "forecasts").collect().sort("started_ms")
    assert rows.select("queue", "company", "contacts", "minutes").rows() == [
        (QUEUE, "North", 40, 30),
        (QUEUE, "North", 60, 30),
    ]
    assert rows["started_ms"][0] == 1_796_085_000_000
    assert said.given_at is not None
    assert set(rows["locked_ms"]) == {int(said.given_at.timestamp() * 1000)}
    assert rows["contacts"].dtype == pl.Int64


def test_from_the_file_to_the_acknowledgement_by_the_pages(
    world: World, agreement: Agreement, tmp_path: Path, settings: Any, monkeypatch
):
    shutil.copytree(settings.FLOOR, tmp_path / "floor", ignore=shutil.ignore_patterns("web"))
    monkeypatch.setattr(loading, "floor", lambda: open_floor(tmp_path / "floor"))
    monkeypatch.setattr("onefloor_web.agreements.forecasts.jobs.PREPARE", "jobs.tidy")
    own, north = world["Own"].client(Role.PLANNER), world["North"].client(Role.PROJECT_MANAGER)
    base = "/agreements/north-agreement/forecast-locks/"
    assert own.get(f"{base}template.csv").content.decode("utf-8-sig").splitlines()[1].split(",")[1] == QUEUE
    upload = SimpleUploadedFile("December.csv", FILE.encode())
    page = own.post(f"{base}new/", {"month": "2026-12", "file": upload})["Location"]
    assert north.get(page).status_code == 404
    assert own.get(f"{page}locking/").status_code == 200
    own.post(f"{page}locking/")
    shown = north.get(page)
    assert (shown.status_code, shown.context["may_acknowledge"], shown.context["may_lock"]) == (200, True, False)
    north.post(f"{page}acknowledgement/")
    run_waiting(world["North"].company.pk)
    assert north.get(page).context["one"].acknowledgement.loaded_at is not None
    assert "NORTHMARKER queue" in own.get(f"{page}rows.csv").content.decode()
    wrong = own.post(f"{base}new/", {"month": "soon", "file": SimpleUploadedFile("x.csv", b"")})
    assert set(wrong.context["form"].errors) == {"month", "file"}
    assert north.get(f"{base}new/").status_code == 404


def test_the_newest_locked_version_is_the_one_to_acknowledge(own: Viewer, north: Viewer, agreement: Agreement):
    first = locked(own, agreement)
    second = locked(own, agreement, FILE.replace(",60", ",90"))
    insert = (
        "insert into forecasts_acknowledgement (company_id, author_id, given_at, lock_id, user_number, user_name)"
        " values (%s, %s, now(), %s, 1, 'x')"
    )
    with tenant(north):
        states = [queries.state_of(Lock.objects.get(pk=one.pk)) for one in (first, second)]
        assert states == [State.SUPERSEDED, State.WAITING]
        assert [lock.pk for lock in queries.waiting_for(north) if lock.month == "2026-12"] == [second.pk]
        with pytest.raises(Superseded):
            actions.acknowledge(north, first)
        actions.acknowledge(north, second)
        with pytest.raises(Superseded):
            actions.acknowledge(north, Lock.objects.get(pk=first.pk))
        with pytest.raises(DatabaseError, match="newer version"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [north.company, north.company, first.pk])


def test_what_binds_stays_until_a_newer_version_is_acknowledged(own: Viewer, north: Viewer, agreement: Agreement):
    first = locked(own, agreement)
    with tenant(north):
        actions.acknowledge(north, first)
    second = locked(own, agreement, FILE.replace(",60", ",90"))
    with tenant(north):
        assert actions.acknowledge(north, first).lock_id == first.pk
        found = [queries.state_of(one) for one in queries.with_newer(Lock.objects.filter(month="2026-12"))]
    assert (found, second.version) == ([State.ACKNOWLEDGED, State.WAITING], 2)


def test_a_forecast_that_nobody_locks_is_a_missed_duty(world: World, own: Viewer, agreement: Agreement):
    begins = datetime(2026, 12, 1, tzinfo=ZONE)
    early, later = begins - timedelta(days=40), begins - timedelta(days=25)
    words = "Lock the forecast for 2026-12 of north-agreement"
    with tenant(own):
        assert [duty.reference for duty in actions.open_duties(own, agreement, early)] == ["forecast-2026-11"]
        (duty,) = actions.open_duties(own, agreement, later)
        assert actions.open_duties(own, agreement, later) == [duty]
        assert (duty.reference, duty.state, duty.begins_at) == ("forecast-2026-12", Owed.OPEN, begins)
        assert duty.due_at == datetime(2026, 11, 26, 18, tzinfo=ZONE)
        assert standing(duty, duty.due_at + timedelta(minutes=1)).word == MISSED
        assert words in said_today(own)
        assert any(one.key == f"duty-{duty.pk}" for one in deadlines_of(own))
    manager = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(manager):
        assert "Deliver to North: Forecast forecast-2026-12" in said_today(manager)
        assert words not in said_today(manager)
    locked(own, agreement)
    with tenant(own):
        duty.refresh_from_db()
        assert duty.state == Owed.DONE
        assert words not in said_today(own)


def test_the_job_opens_duties_for_the_client_alone(own: Viewer, north: Viewer, agreement: Agreement, monkeypatch):
    monkeypatch.setattr(jobs, "now", lambda: datetime(2026, 11, 20, tzinfo=ZONE))
    with tenant(north):
        assert jobs.owed(north, lambda *_: None) == {"owed": 0}
    with tenant(own):
        assert jobs.owed(own, lambda *_: None) == {"owed": 1}
        assert Duty.objects.get(reference="forecast-2026-12").company_id == north.company


def said_today(viewer: Viewer) -> list[str]:
    with override("en"):
        return [str(need.text) for need in needs_of(viewer)]
