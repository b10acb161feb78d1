"""What people write and load goes through the web with a number of a customer in it, and no table ever holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from import_steps import choose, import_of, loaded, manager, send, text, tried
from job_runs import run_waiting
from psycopg import sql
from testbed import Database
from world import Side, World

from onefloor.facts.quarantine import quarantined
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.records.imports import files, jobs

NUMBER = "19912345679"
BAD, GOOD = f"1795294484|1795294483.0|water|NONE|ENTERQUEUE|{NUMBER}", "1795294484|1795294483.0|water|NONE|ENTERQUEUE||"


@pytest.fixture
def own(own_world: World, request: pytest.FixtureRequest) -> Side:
    """The client in a database where everything is committed, and so to be seen by the superuser."""
    request.getfixturevalue("floor")
    return own_world["Own"]


@pytest.fixture
def own_database(own_world: World) -> Database:
    return own_world.database


def tables_with(url: str, text_: str) -> list[str]:
    """The tables, of all schemas, in which a row says this anywhere."""
    with psycopg.connect(url) as superuser:
        names = superuser.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        wanted = sql.SQL("select exists (select from {} as t where t::text like %s)")
        return sorted(
            f"{schema}.{name}"
            for schema, name in names
            if superuser.execute(wanted.format(sql.Identifier(schema, name)), [f"%{text_}%"]).fetchone() == (True,)
        )


def log(examples: Path) -> bytes:
    return (examples / "asterisk_run" / "queue_log").read_bytes() + f"{BAD}\n".encode()


def queue_log_loaded(client: Any, own: Side, examples: Path) -> str:
    at = send(client, log(examples), "queue_log")
    choose(client, at, "asterisk-queue-log")
    tried(client, own, at)
    loaded(client, own, at)
    return at


def correct(client: Any, own: Side, at: str, floor: Floor, new: str) -> None:
    (line,) = quarantined(floor).lines
    place = {name: line[name] for name in ("load", "file", "line")}
    client.post(f"{at}quarantine/0/", {**place, "text": new})
    run_waiting(own.company.pk)


def kept_corrections(own: Side, at: str) -> Iterator[Path]:
    return (import_of(own, at).folder / "corrected").glob("*")


def test_a_corrected_line_is_loaded_and_its_number_is_in_no_table(
    own: Side, floor: Floor, examples: Path, own_database: Any
) -> None:
    client = manager(own)
    at = queue_log_loaded(client, own, examples)
    correct(client, own, at, floor, f"one\n{NUMBER}")
    assert quarantined(floor).total == 1
    assert tables_with(own_database.superuser_url, NUMBER) == []
    assert len(list(kept_corrections(own, at))) == 1
    correct(client, own, at, floor, f"{GOOD}{NUMBER}|1")
    assert (quarantined(floor).total, scan(floor, "events").collect().height) == (0, 1572)
    assert tables_with(own_database.superuser_url, NUMBER) == []
    assert len(list(kept_corrections(own, at))) == 1, "the one that could not be loaded"
    with transaction.atomic(), working_for(own.viewer(Role.ADMINISTRATOR)):
        jobs.tidy(own.viewer(Role.ADMINISTRATOR), lambda *_args, **_named: None)
    assert not import_of(own, at).folder.exists()


def test_the_search_of_all_tables_finds_what_is_there(own: Side, own_database: Any) -> None:
    send(manager(own), "a;b\n", "one-file-of-this-name.csv")
    assert tables_with(own_database.superuser_url, "one-file-of-this-name") == ["public.imports_import"]


@pytest.mark.parametrize("mapped", ["outcome", "queue"])
def test_a_column_of_numbers_mapped_to_something_else_leaves_none_in_a_table(
    own: Side, own_database: Any, mapped: str
) -> None:
    """Unknown words and new names are remembered of a dry run."""
    client = manager(own)
    at = send(client, f"id;begin;phone;result\nK-1;2026-11-21 09:00:00;{NUMBER};answered\n", "calls.csv")
    choose(client, at, "table")
    columns = {"c-outcome": "result", "c-queue": "", f"c-{mapped}": "phone"}
    form = {"target": "contacts", "identity": ["id"], "c-queued_ms": "begin", "f-queued_ms": "%Y-%m-%d %H:%M:%S"}
    said = text(tried(client, own, at, **form, **columns))
    assert ("199••••••79" in said, NUMBER in said, "” means" in said) == (True, False, False)
    client.post(f"{at}words/", {"column": "outcome", "word": NUMBER, "meaning": "answered"})
    assert tables_with(own_database.superuser_url, NUMBER) == []


def test_a_correction_that_was_tidied_away_says_what_to_do(own: Side) -> None:
    client = manager(own)
    made = import_of(own, send(client, "a;b\n", "x.csv"))
    name = files.keep_corrected(made, [("load", "file", 1, NUMBER)])
    assert files.corrected(made, name) == [("load", "file", 1, NUMBER)]
    files.forget_corrected(made, name)
    with pytest.raises(files.CorrectionGone):
        files.corrected(made, name)
