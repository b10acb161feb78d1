"""Retention: what is past goes for good, says so, and does not come back with another file."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kills import survive
from onefloor.facts.exchange import gone_before, removals
from onefloor.facts.kinds import Kind, kind
from onefloor.facts.load import load_files
from onefloor.facts.quarantine import quarantined
from onefloor.facts.retention import due, months_due, retain
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.store import Account, months_of_table, scan
from onefloor.floor import BadSetting, Floor, create_floor, open_floor
from onefloor.metrics.kept import kept_sums, run_retention
from onefloor.metrics.prepare import prepare

MARKER = "MARKEROFTHEPAST"
MAPPING = """
name: calls
target: contacts
identity: [id]
columns:
  contact: id
  queued_ms: {column: begin, format: "%Y-%m-%d %H:%M:%S"}
  outcome: {column: result, words: {answered: answered}}
  queue: queue
  agent: agent
"""
TODAY = date(2026, 11, 22)


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return new(tmp_path / "floor")


def new(root: Path, rules: str = "contacts = 24\nquarantine = 24\n") -> Floor:
    create_floor(root, timezone="Asia/Shanghai")
    with (root / "floor.toml").open("a") as file:
        file.write(f"[retention]\n{rules}")
    return open_floor(root)


def calls(folder: Path) -> Kind:
    (folder / "calls.yaml").write_text(MAPPING)
    return kind("table", read_mapping(folder / "calls.yaml"))


def load(floor: Floor, folder: Path, *rows: str, name: str = "calls.csv") -> Account:
    (folder / name).write_text("\n".join(["id;queue;begin;result;agent", *rows, ""]))
    what = calls(folder)
    return load_files(floor, what.source, what.reader, [folder / name], options=what.options)


OLD = [f"{MARKER}-1;{MARKER}q;2024-10-31 23:59:59;answered;{MARKER}a", f"{MARKER}-2;tech;2024-10-01 00:00:00;??;1001"]
NEW = ["K-1;tech;2024-11-01 00:00:00;answered;1001", "K-2;tech;2026-11-21 09:00:00;answered;1001"]


def found(root: Path, marker: str) -> list[str]:
    """Every file below a folder that holds the text in its name, its bytes or its Parquet cells."""
    hits = []
    for path in root.rglob("*"):
        if path.is_file():
            cells = str(pl.read_parquet(path, hive_partitioning=False).rows()) if path.suffix == ".parquet" else ""
            if marker in path.name or marker.encode() in path.read_bytes() or marker in cells:
                hits.append(str(path.relative_to(root)))
    return hits


def contacts(floor: Floor) -> list[str]:
    return sorted(scan(floor, "contacts").collect()["contact"])


def test_what_is_due_is_listed_and_nothing_changes(floor: Floor, tmp_path: Path) -> None:
    load(floor, tmp_path, *OLD, *NEW)
    assert [(one.rule, one.table, one.before, one.rows) for one in due(floor, TODAY)] == [
        ("contacts", "contacts", 202411, 1)
    ]
    assert months_due(floor, TODAY) == [202410]
    assert contacts(floor) == ["K-1", "K-2", f"{MARKER}-1"]


def test_rows_past_retention_are_nowhere_in_the_floor_and_the_others_are_untouched(
    floor: Floor, tmp_path: Path
) -> None:
    load(floor, tmp_path, *OLD, name="old.csv")
    load(floor, tmp_path, *NEW, name="new.csv")
    prepare(floor)
    assert found(floor.root, MARKER)
    before = scan(floor, "contacts").filter(pl.col("month") >= 202411).sort("row_id").collect()
    removed = retain(floor, TODAY)
    assert {(one.table, one.rows) for one in removed} == {("contacts", 1), ("quarantine", 1), ("layouts", 1)}
    assert found(floor.root, MARKER) == []
    assert scan(floor, "contacts").sort("row_id").collect().equals(before)
    assert (quarantined(floor).total, months_of_table(floor, "contacts")) == (0, [202411, 202611])
    prepare(floor)
    assert found(floor.root, MARKER) == []


def test_a_file_of_old_and_new_rows_loses_only_the_old_ones_and_lines_of_old_loads_go_by_their_age(
    floor: Floor, tmp_path: Path
) -> None:
    load(floor, tmp_path, *OLD, *NEW)
    retain(floor, TODAY)
    assert (contacts(floor), quarantined(floor).total) == (["K-1", "K-2"], 1)
    for path in (floor.facts / "quarantine").glob("*.parquet"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # 2023
    retain(floor, TODAY)
    assert (contacts(floor), quarantined(floor).total) == (["K-1", "K-2"], 0)


def test_a_removal_is_recorded_with_counts_and_digest_and_a_second_run_does_nothing(
    floor: Floor, tmp_path: Path
) -> None:
    load(floor, tmp_path, *OLD, *NEW)
    (removed,) = retain(floor, TODAY)
    assert retain(floor, TODAY) == []
    (entry,) = removals(floor)
    assert (entry["why"], entry["day"], entry["before"]["contacts"]) == ("retention", "2026-11-22", 202411)
    assert entry["removed"] == [removed.as_json()]
    assert (removed.table, removed.rows, removed.months, len(removed.digest)) == ("contacts", 1, (202410,), 64)


def test_the_same_file_again_says_that_rows_were_removed(floor: Floor, tmp_path: Path) -> None:
    load(floor, tmp_path, *OLD, *NEW)
    retain(floor, TODAY)
    account = load(floor, tmp_path, *OLD, *NEW)
    assert (account.duplicates, account.reasons) == (4, {"note:removed_since": 1})
    assert contacts(floor) == ["K-1", "K-2"]


def test_another_file_does_not_bring_removed_rows_back(floor: Floor, tmp_path: Path) -> None:
    load(floor, tmp_path, *OLD, *NEW)
    retain(floor, TODAY)
    account = load(floor, tmp_path, OLD[0], NEW[1], name="again.csv")
    assert (account.loaded, account.duplicates, account.ignored) == (0, 1, 1)
    assert account.reasons == {"past_retention": 1}
    assert contacts(floor) == ["K-1", "K-2"]


def test_lines_of_a_log_and_contact_records_past_retention_are_ignored(examples: Path, tmp_path: Path) -> None:
    floor = new(tmp_path / "floor", "contacts = 1\n")
    log = kind("asterisk-queue-log")
    path = examples / "asterisk_run" / "queue_log"
    load_files(floor, log.source, log.reader, [path])
    removed = retain(floor, date(2027, 2, 1))
    assert {one.table for one in removed} == {"contacts", "events", "rings"}
    (tmp_path / "queue_log").write_bytes(path.read_bytes() + b"\n")
    account = load_files(floor, log.source, log.reader, [tmp_path / "queue_log"])
    assert (account.ignored, account.loaded, account.reasons["past_retention"]) == (1572, 0, 1571)
    (tmp_path / "a.json").write_text('{"ContactId": "c", "InitiationTimestamp": "2026-11-21T01:00:00Z"}')
    connect = kind("amazon-connect")
    account = load_files(floor, connect.source, connect.reader, [tmp_path / "a.json"])
    assert (account.ignored, account.loaded) == (1, 0)
    assert gone_before(floor, "contacts") == 202701


def test_daily_sums_outlive_the_rows(examples: Path, tmp_path: Path) -> None:
    floor = new(tmp_path / "floor", "contacts = 1\n")
    for name, path in (("roster", "roster.csv"), ("asterisk-queue-log", "queue_log")):
        what = kind(name)
        load_files(floor, what.source, what.reader, [examples / "asterisk_run" / path])
    run_retention(floor, date(2027, 2, 1))
    assert scan(floor, "contacts").collect().is_empty()
    sums = kept_sums(floor, "legs", 202611)
    assert sums is not None
    assert set(sums["company"]) == {"", "North", "Own"}
    assert found(floor.root / "aggregates", "agent1001") == []
    assert kept_sums(floor, "legs", 202612) is None


@pytest.mark.parametrize("rule", ["contact = 24", "contacts = 0", 'contacts = "24"', "contacts = true"])
def test_a_rule_that_cannot_be_used_is_refused(rule: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="contacts = 24"):
        new(tmp_path / "floor", rule)


RETAINING = """
import sys
from datetime import date
from pathlib import Path
from onefloor.facts.retention import retain
from onefloor.floor import open_floor
floor = open_floor(Path(sys.argv[1]))
print("begun", flush=True)
retain(floor, date(2026, 11, 22))
"""


def test_kill_9_in_a_removal_leaves_all_or_nothing(tmp_path: Path) -> None:
    full, root = tmp_path / "full", tmp_path / "floor"
    floor = new(full)
    load(floor, tmp_path, *OLD, *NEW)
    load(floor, tmp_path, *(f"{MARKER}-{i};q;2024-09-0{i};answered;1" for i in range(1, 9)), name="b.csv")
    everything = contacts(floor)

    def reset() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(full, root)

    def check() -> None:
        floor = open_floor(root)
        quarantined(floor)  # whoever comes next finishes
        assert contacts(floor) in (everything, ["K-1", "K-2"])
        assert bool(removals(floor)) == (contacts(floor) == ["K-1", "K-2"])
        retain(floor, TODAY)
        assert (contacts(floor), len(removals(floor))) == (["K-1", "K-2"], 1)
        assert not (floor.facts / "_removal").exists()

    survive([sys.executable, "-c", RETAINING, str(root)], 12, check, reset)
