"""The wizard from file to report, with real files and the real core, inside the transaction of a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from import_steps import choose, import_of, loaded, manager, send, text, tried
from job_runs import run_waiting
from world import Side, World

from onefloor.facts.quarantine import quarantined
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor_web.platform import floor as served
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.records.imports.models import Mapping, State

CALLS = "id;queue;begin;result;agent\n"


@pytest.fixture
def own(world: World, floor: Floor) -> Side:
    return world["Own"]


def test_a_queue_log_goes_in_by_its_six_steps(own: Side, floor: Floor, examples: Path) -> None:
    client, log = manager(own), (examples / "asterisk_run" / "queue_log").read_bytes()
    at = send(client, log + b"damaged\n", "queue_log")
    assert "Asterisk queue log (200 of 200 lines fit)" in text(client.get(f"{at}kind/"))
    choose(client, at, "asterisk-queue-log")
    assert "QUEUESTART" in text(client.get(f"{at}mapping/"))
    said = text(tried(client, own, at))
    assert "1,572 lines = 1,571 to load + 0 duplicate + 0 ignored + 1 set aside" in said
    assert "queue_log:1572" in said
    assert "too few fields" in said
    assert scan(floor, "events").collect().is_empty()
    said = text(loaded(client, own, at))
    assert "1,572 lines = 1,571 loaded + 0 duplicate + 0 ignored + 1 set aside" in said
    assert scan(floor, "events").collect().height == 1571
    assert "damaged" in text(client.get(f"{at}quarantine/"))
    assert client.get(f"{at}quarantine/lines/").content == b"damaged\n"


def test_the_same_file_again_adds_nothing_and_says_so(own: Side, floor: Floor, examples: Path) -> None:
    client, log = manager(own), (examples / "asterisk_run" / "queue_log").read_bytes()
    for _ in range(2):
        at = send(client, log, "queue_log")
        choose(client, at, "asterisk-queue-log")
        tried(client, own, at)
        said = text(loaded(client, own, at))
    assert "All 1,571 lines of this file are already here. Nothing was added or changed." in said
    assert scan(floor, "events").collect().height == 1571


def test_a_table_is_guessed_mapped_fixed_once_and_loaded(own: Side, floor: Floor) -> None:
    rows = "".join(f"K-{i};tech;2026-11-21 09:0{i}:00;{'gone' if i == 4 else 'answered'};1001\n" for i in range(6))
    client = manager(own)
    at = send(client, CALLS + rows, "calls-2026.csv")
    choose(client, at, "table")
    made = import_of(own, at)
    assert "name: calls" in made.mapping
    said = text(client.get(f"{at}mapping/"))
    assert "Contacts begin between 9:00 and 9:59." in said
    form = {"target": "contacts", "zone": "", "identity": ["id"], "c-queued_ms": "begin", "c-outcome": "result",
            "f-queued_ms": "%Y-%m-%d %H:%M:%S", "c-queue": "queue", "c-agent": "agent"}  # fmt: skip
    said = text(tried(client, own, at, **form))
    assert "6 lines = 5 to load + 0 duplicate + 0 ignored + 1 set aside" in said
    assert "“gone” means" in said
    client.post(f"{at}words/", {"column": "outcome", "word": "gone", "meaning": "abandoned"})
    run_waiting(own.company.pk)
    assert "6 lines = 6 to load" in text(client.get(f"{at}dry-run/"))
    assert "6 lines = 6 loaded" in text(loaded(client, own, at))
    assert sorted(scan(floor, "contacts").collect()["outcome"].unique()) == ["abandoned", "answered"]
    at = send(client, CALLS + "K-9;tech;2026-11-22 09:00:00;gone;1001\n", "calls-2027.csv")
    choose(client, at, "table")
    assert import_of(own, at).mapping == import_of(own, at).mapping
    assert "gone: abandoned" in import_of(own, at).mapping


def test_lines_set_aside_are_mended_after_the_load(own: Side, floor: Floor) -> None:
    client = manager(own)
    at = send(client, CALLS + "K-1;tech;2026-11-21 09:00:00;answered;1001\nK-2;tech;never;answered;1001\n"
              "K-3;tech;2026-11-21 09:02:00;gone;1001\n", "calls.csv")  # fmt: skip
    choose(client, at, "table")
    tried(client, own, at, text=import_of(own, at).mapping.replace("begin", "{column: begin, format: iso}")
          if "format" not in import_of(own, at).mapping else import_of(own, at).mapping)  # fmt: skip
    loaded(client, own, at)
    assert quarantined(floor).total == 2
    client.post(f"{at}words/", {"column": "outcome", "word": "gone", "meaning": "abandoned"})
    run_waiting(own.company.pk)
    said = text(client.get(f"{at}quarantine/"))
    assert "The last retry took 2 lines: 1 loaded, 0 known already, 1 still set aside." in said
    (line,) = quarantined(floor).lines
    place = {"load": line["load"], "file": line["file"], "line": line["line"]}
    client.post(f"{at}quarantine/0/", {**place, "text": "K-2;tech;2026-11-21 09:01:00;answered;1001"})
    run_waiting(own.company.pk)
    assert quarantined(floor).total == 0
    assert sorted(scan(floor, "contacts").collect()["line"]) == [2, 3, 4]
    assert "K-2;tech;never" in text(client.get(f"{at}quarantine/?mended=1"))


def test_a_vendor_loads_its_own_rows_and_never_another_companys(world: World, floor: Floor) -> None:
    north = world["North"]
    client = manager(north)
    said = text(client.get(f"{send(client, CALLS, 'x.csv')}kind/"))
    assert ("Asterisk" not in said, "roster" in said) == (True, True)
    good, bad = "K-1;tech;2026-11-21 09:00:00;answered;2001\n", "K-2;tech;2026-11-21 09:00:00;answered;1001\n"
    at = send(client, CALLS + good + bad, "calls.csv")
    choose(client, at, "table")
    said = text(tried(client, north, at, text=import_of(north, at).mapping))
    assert "1 lines are about another company (1001), the first is line 3." in said
    assert scan(floor, "contacts").collect().is_empty()
    at = send(client, CALLS + good, "calls.csv")
    choose(client, at, "table")
    mapping = import_of(north, at).mapping
    assert f"name: c{north.company.pk}-calls" in mapping
    answer = client.post(f"{at}mapping/", {"try": "1", "text": mapping.replace(f"c{north.company.pk}-", "")})
    assert f"must begin with &quot;c{north.company.pk}-" in text(answer)
    tried(client, north, at, text=mapping)
    assert "1 line = 1 loaded" in text(loaded(client, north, at))
    assert scan(floor, "contacts").collect()["source"].to_list() == [f"table:c{north.company.pk}-calls"]


def test_nothing_of_an_import_is_there_for_another_company(world: World, floor: Floor, examples: Path) -> None:
    client, at = manager(world["Own"]), ""
    at = send(client, (examples / "asterisk_run" / "queue_log").read_bytes(), "queue_log")
    other = manager(world["North"])
    for page in ("", "kind/", "mapping/", "dry-run/", "report/", "quarantine/", "quarantine/lines/"):
        assert other.get(at + page).status_code == 404
    for page in ("kind/", "mapping/", "preview/", "dry-run/", "words/", "load/", "removal/", "mendings/"):
        assert other.post(at + page).status_code == 404


def test_a_double_click_asks_for_one_job_and_loads_once(own: Side, floor: Floor, examples: Path) -> None:
    client = manager(own)
    at = send(client, (examples / "asterisk_run" / "roster.csv").read_bytes(), "roster.csv")
    choose(client, at, "roster")
    tried(client, own, at)
    assert client.post(f"{at}load/").status_code == client.post(f"{at}load/").status_code == 302
    run_waiting(own.company.pk)
    assert scan(floor, "loads").collect().height == 2  # the roster of the fixture, and this one
    assert "14 lines = 14 loaded" in text(client.get(f"{at}report/"))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty."), (b"%PDF-1.7", "This is a file of type PDF"), (b"PK\x03\x04x", "cannot be unpacked")],
)
def test_a_file_that_cannot_be_read_says_so_without_the_servers_folders(own: Side, content: bytes, said: str) -> None:
    client = manager(own)
    page = text(client.get(f"{send(client, content, 'f.csv')}kind/"))
    assert said in page
    assert str(settings.MEDIA_ROOT) not in page


def test_files_are_kept_under_the_company_with_harmless_names_and_go_with_the_import(own: Side) -> None:
    client = manager(own)
    at = send(client, CALLS, "../../etc/passwd")
    made = import_of(own, at)
    assert made.paths == [Path(settings.MEDIA_ROOT) / str(own.company.pk) / "imports" / str(made.pk) / "0" / "passwd"]
    assert made.paths[0].read_text() == CALLS
    answer = client.post(f"{at}removal/", follow=True)
    assert "passwd is discarded. Nothing of it was loaded." in text(answer)
    assert import_of(own, at).state == State.DISCARDED


def test_a_mapping_with_a_mistake_shows_line_and_remedy_and_keeps_the_text(own: Side) -> None:
    client = manager(own)
    at = send(client, CALLS + "K-1;tech;2026-11-21 09:00:00;answered;1001\n", "calls.csv")
    choose(client, at, "table")
    broken = "name: x\ntarget: contacts\ncolumns:\n  queued_ms: {column: begin, fromat: iso}\n  outcome: result\n"
    answer = client.post(f"{at}mapping/?as=text", {"try": "1", "text": broken})
    assert "Did you mean &quot;format&quot;?" in text(answer)
    assert "fromat" in text(answer)


def test_a_folder_is_fetched_loaded_and_then_has_nothing_new(own: Side, floor: Floor, examples: Path) -> None:
    drop = floor.root.parent / "drop"
    drop.mkdir()
    with (floor.root / "floor.toml").open("a") as settings_file:
        settings_file.write(f'[imports]\nroots = ["{drop}"]\n')
    served._opened.cache_clear()
    (drop / "queue_log").write_bytes((examples / "asterisk_run" / "queue_log").read_bytes())
    client = manager(own)
    assert "Files may not be taken from" in text(client.post("/imports/new/", {"place": "/etc"}))
    at = client.post("/imports/new/", {"place": f"{drop}/*"}).url.removesuffix("kind/")
    run_waiting(own.company.pk)
    choose(client, at, "asterisk-queue-log")
    tried(client, own, at)
    assert "1,571 lines = 1,571 loaded" in text(loaded(client, own, at))
    assert "none is new" in text(client.post("/imports/new/", {"place": f"{drop}/*"}))


def test_a_mapping_is_kept_once_per_name(own: Side) -> None:
    client = manager(own)
    at = send(client, CALLS + "K-1;tech;2026-11-21 09:00:00;answered;1001\n", "calls.csv")
    choose(client, at, "table")
    for _ in range(2):
        client.post(f"{at}mapping/", {"keep": "1", "text": import_of(own, at).mapping})
    with working_for(own.viewer(Role.ADMINISTRATOR)):
        assert Mapping.objects.filter(name="calls").count() == 1
