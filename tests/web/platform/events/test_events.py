"""Business events: written once, in the same transaction as what happened, seen by whom they concern."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from job_runs import run_waiting
from world import World

from onefloor.language import Text
from onefloor_web.platform.events import queries, registry
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for

WHAT = Text("已改名", "Renamed")


@pytest.fixture(autouse=True)
def kinds(world: World, monkeypatch):
    """Two names of events, and nobody who wants to know; the world was told its own before."""
    monkeypatch.setattr(registry, "_KINDS", {})
    monkeypatch.setattr(registry, "_WISHES", registry._Wishes())
    for name in ("tests.renamed", "tests.closed"):
        registry.declare(name, name)


def test_the_line_of_time_says_who_did_what_when_and_why(world: World):
    side = world["North"]
    viewer = side.viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", side.team, WHAT, why="new product", page="/teams/1/")
        record(viewer, "tests.closed", side.team, Text("已关闭", "Closed"))
        record(viewer, "tests.renamed", side.site, WHAT)
        with translation.override("zh-hans"):
            line = queries.line_of(viewer, side.team)
    assert [(one.what, one.who, one.company, one.why, one.url) for one in line] == [
        ("已改名", viewer.name, "North", "new product", "/teams/1/"),
        ("已关闭", viewer.name, "North", "", ""),
    ]


def test_an_own_event_is_seen_by_its_company_alone(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", world["North"].team, WHAT)
    assert seen(world) == {"Own": 0, "North": 1, "Harbor": 0}


def test_a_shared_event_is_seen_by_its_company_and_the_client(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", world["North"].team, WHAT, shared=True)
    assert seen(world) == {"Own": 1, "North": 1, "Harbor": 0}


def test_the_client_writes_shared_events_of_a_vendor_and_no_others(world: World):
    viewer, north = world["Own"].viewer(Role.VENDOR_MANAGER), world["North"]
    with working_for(viewer):
        record(viewer, "tests.renamed", north.team, WHAT, company=north.company.pk, shared=True)
    assert seen(world) == {"Own": 1, "North": 1, "Harbor": 0}
    with pytest.raises(DatabaseError), working_for(viewer):
        record(viewer, "tests.renamed", north.team, WHAT, company=north.company.pk)


def test_a_vendor_writes_none_of_another_company(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    for name in ("Own", "Harbor"):
        with pytest.raises(DatabaseError), working_for(viewer):
            record(viewer, "tests.renamed", None, WHAT, company=world[name].company.pk, shared=True)


@pytest.mark.parametrize(
    "statement", ["update events_event set why = 'x'", "delete from events_event", "truncate events_event"]
)
def test_nobody_changes_an_event(world: World, statement: str):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", None, WHAT)
    with pytest.raises(DatabaseError), working_for(viewer), connection.cursor() as cursor:
        cursor.execute(statement)
    assert seen(world)["North"] == 1


def inserted(company: int, actor: int, **said: str) -> str:
    """SQL that writes an event of ``company`` as an act of ``actor``."""
    row = {
        "company_id": company, "shared": "true", "name": "'tests.renamed'", "about": "''", "subject": "''", "why": "''",
        "what": """'{"zh": "x", "en": "x"}'""", "page": "''", "actor_name": "'Somebody'", "actor_company_id": actor,
        "at": "now()", **said,
    }  # fmt: skip
    return f"insert into events_event ({', '.join(row)}) values ({', '.join(map(str, row.values()))})"


@pytest.mark.parametrize(("writer", "other"), [("Own", "North"), ("North", "Own")])
def test_no_company_writes_down_an_act_of_the_other(world: World, writer: str, other: str):
    viewer, actor = world[writer].viewer(Role.ADMINISTRATOR), world[other].company.pk
    forged = inserted(world["North"].company.pk, actor)
    with pytest.raises(DatabaseError, match="an act of the company that writes it"), working_for(viewer):
        connection.cursor().execute(forged)
    assert seen(world)["North"] == 0


def test_no_event_is_dated_back(world: World):
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    dated = inserted(viewer.company, viewer.company, at="now() - interval '30 days'")
    with working_for(viewer):
        connection.cursor().execute(dated)
        written = Event.objects.get(name="tests.renamed").at
        assert abs(timezone.now() - written) < timedelta(minutes=10)


def test_an_unknown_name_is_a_slip_of_the_pen(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with pytest.raises(registry.UnknownEvent), working_for(viewer):
        record(viewer, "tests.renmaed", None, WHAT)


def test_who_wants_to_know_at_once_is_told_in_the_transaction(world: World):
    told = []
    registry.on("tests.renamed")(lambda viewer, event: told.append(("name", event.name)))
    registry.on(registry.EVERY)(lambda viewer, event: told.append(("every", event.name)))
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", None, WHAT)
        record(viewer, "tests.closed", None, WHAT)
    assert told == [("name", "tests.renamed"), ("every", "tests.renamed"), ("every", "tests.closed")]


def test_who_wants_to_know_later_is_told_by_a_job(world: World):
    told = []

    @registry.on("tests.renamed", later=True)
    def tell(viewer, event):
        told.append((viewer.company, event.name))

    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        record(viewer, "tests.renamed", None, WHAT)
    assert told == []
    run_waiting(viewer.company)
    assert told == [(viewer.company, "tests.renamed")]


def test_what_did_not_happen_is_told_to_nobody(world: World):
    told = []
    registry.on("tests.renamed", later=True)(lambda viewer, event: told.append(event))
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with suppress(ZeroDivisionError), working_for(viewer):
        record(viewer, "tests.renamed", None, WHAT)
        raise ZeroDivisionError
    run_waiting(viewer.company)
    assert (told, seen(world)["North"]) == ([], 0)


def seen(world: World) -> dict[str, int]:
    """How many events each company sees, also without any filter of ours."""
    counts = {}
    for name, side in world.sides.items():
        viewer = side.viewer(Role.ADMINISTRATOR)
        with transaction.atomic(), tenant(viewer), connection.cursor() as cursor:
            cursor.execute("select count(*) from events_event where name like 'tests.%'")
            counts[name] = cursor.fetchone()[0]
            assert Event.objects.filter(queries.seen_by(viewer), name__startswith="tests.").count() == counts[name]
    return counts
