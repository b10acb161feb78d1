"""Preview and dry run: what a load would do, to the line, and no trace of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import openpyxl
import pytest

from kills import survive
from onefloor.facts.kinds import Kind, kind
from onefloor.facts.load import load_files
from onefloor.facts.remedies import MAP_WORD, MEND_FILE, MEND_MAPPING
from onefloor.facts.scratch import FOLDER, scratch
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.store import data_version, scan
from onefloor.facts.trial import dry_run, preview
from onefloor.floor import Floor, create_floor, open_floor

LOG = "asterisk-queue-log"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return create_floor(tmp_path / "floor", timezone="Asia/Shanghai")


@pytest.fixture
def calls(examples: Path) -> Kind:
    return kind("table", read_mapping(examples / "mappings" / "calls.yaml"))


def everything(floor: Floor) -> dict[str, bytes]:
    """Every file of a floor but its lock."""
    files = [path for path in floor.root.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(floor.root)): path.read_bytes() for path in files}


def load(floor: Floor, what: Kind, *paths: Path) -> object:
    return load_files(floor, what.source, what.reader, paths, options=what.options)


def test_a_dry_run_says_what_the_load_then_does(floor: Floor, examples: Path, tmp_path: Path) -> None:
    lines = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)
    (tmp_path / "queue_log.1").write_bytes(b"".join(lines[:900]))
    (tmp_path / "queue_log").write_bytes(b"".join([*lines[800:], b"damaged\n", b"\n"]))
    paths = [tmp_path / "queue_log", tmp_path / "queue_log.1"]
    tried = dry_run(floor, kind(LOG), paths)
    assert [name for name, _ in tried.files] == ["queue_log.1", "queue_log"]
    assert tried.account == load(floor, kind(LOG), *kind(LOG).in_order(paths))
    assert (tried.account.lines, tried.account.loaded, tried.account.duplicates) == (1673, 1571, 100)


def test_a_dry_run_changes_no_byte_of_the_floor(floor: Floor, examples: Path, calls: Kind) -> None:
    load(floor, kind(LOG), examples / "asterisk_run" / "queue_log")
    before = everything(floor)
    dry_run(floor, calls, [examples / "tables" / "calls.csv"])
    dry_run(floor, kind("roster"), [examples / "asterisk_run" / "roster.csv"])
    preview(floor, calls, examples / "tables" / "calls.csv")
    assert everything(floor) == before


def test_a_file_that_is_loaded_already_would_be_all_duplicates(floor: Floor, examples: Path) -> None:
    path = examples / "asterisk_run" / "queue_log"
    load(floor, kind(LOG), path)
    account = dry_run(floor, kind(LOG), [path]).account
    assert (account.lines, account.duplicates) == (1571, 1571)


def test_problems_are_grouped_by_what_helps(floor: Floor, calls: Kind, examples: Path, tmp_path: Path) -> None:
    text = (examples / "tables" / "calls.csv").read_text()
    for i in range(3):
        text += f"M-{i};water;21.11.2026 10:0{i}:05;12;3:10;picked up;1001;;bills;2\n"
    (tmp_path / "calls.csv").write_text(text)
    groups = dry_run(floor, calls, [tmp_path / "calls.csv"]).problems
    assert [(group.act, group.reason, group.word, group.lines) for group in groups] == [
        (MAP_WORD, "unknown_word:outcome", "picked up", 3),
        (MEND_MAPPING, "bad_time:queued_ms", None, 1),
        (MEND_FILE, "negative:talk_ms", None, 1),
        (MEND_FILE, "wrong_field_count", None, 1),
    ]
    assert [line for _, line, _ in groups[0].examples] == [10, 11, 12]
    assert groups[0].remedy.en == "Say once what it means and all 3 lines load."
    assert "abandoned" in groups[0].known


def test_names_that_the_floor_has_not_seen_are_told_apart_from_problems(floor: Floor, examples: Path) -> None:
    load(floor, kind("roster"), examples / "asterisk_run" / "roster.csv")
    tried = dry_run(floor, kind(LOG), [examples / "asterisk_run" / "queue_log"])
    assert (tried.problems, tried.new_names) == ([], {"queue": ["english", "tax", "water"]})


def test_a_preview_shows_cells_facts_and_faults_side_by_side(floor: Floor, calls: Kind, examples: Path) -> None:
    shown = preview(floor, calls, examples / "tables" / "calls.csv", rows=5)
    assert [(row.line, row.source["id"], len(row.facts), row.reason) for row in shown.rows] == [
        (2, "K-1", 1, None),
        (3, "K-2", 1, None),
        (4, "K-3", 1, None),
        (5, "K-3", 0, None),
        (6, "K-4", 0, "negative:talk_ms"),
    ]
    assert shown.rows[0].facts[0]["talk_ms"] == 190_000
    assert (shown.hours[9], sum(shown.hours)) == (3, 3)


def test_a_preview_reads_no_more_than_its_sample(floor: Floor, calls: Kind, examples: Path) -> None:
    assert preview(floor, calls, examples / "tables" / "calls.csv", sample=3).account.lines == 3


def test_a_preview_of_a_workbook_reads_its_cells(floor: Floor, calls: Kind, examples: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (examples / "tables" / "calls.csv").read_text().splitlines()[:4]:
        book.worksheets[0].append(line.split(";"))
    book.save(tmp_path / "calls.xlsx")
    shown = preview(floor, calls, tmp_path / "calls.xlsx", rows=2)
    assert [(row.line, row.source["id"], row.facts[0]["contact"]) for row in shown.rows] == [
        (2, "K-1", "K-1"),
        (3, "K-2", "K-2"),
    ]


def test_a_preview_of_a_log_shows_events_and_the_hours_of_its_contacts(floor: Floor, examples: Path) -> None:
    shown = preview(floor, kind(LOG), examples / "asterisk_run" / "queue_log", rows=2)
    assert [row.facts[0]["event"] for row in shown.rows] == ["QUEUESTART", "ADDMEMBER"]
    assert [hour for hour, contacts in enumerate(shown.hours) if contacts] == [4, 5]


def test_what_the_progress_raises_ends_a_dry_run_and_leaves_nothing(floor: Floor, examples: Path) -> None:
    def cancel(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dry_run(floor, kind(LOG), [examples / "asterisk_run" / "queue_log"], progress=cancel)
    assert list((floor.root / FOLDER).iterdir()) == []


TRYING = """
import sys
from pathlib import Path
from onefloor.facts.kinds import kind
from onefloor.facts.trial import dry_run
from onefloor.floor import open_floor
floor = open_floor(Path(sys.argv[1]))
print("begun", flush=True)
dry_run(floor, kind("asterisk-queue-log"), [Path(sys.argv[2])])
"""


def test_kill_9_in_a_dry_run_leaves_nothing_that_the_next_one_does_not_remove(examples: Path, tmp_path: Path) -> None:
    empty, root = tmp_path / "empty", tmp_path / "floor"
    load(create_floor(empty, timezone="Asia/Shanghai"), kind("roster"), examples / "asterisk_run" / "roster.csv")
    version = data_version(open_floor(empty))

    def reset() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(empty, root)

    def check() -> None:
        floor = open_floor(root)
        assert data_version(floor) == version
        assert scan(floor, "contacts").collect().height == 0
        with scratch(floor) as mine:
            assert {path.name for path in mine.parent.iterdir()} == {mine.name, f"{mine.name}.lock"}

    log = str(examples / "asterisk_run" / "queue_log")
    survive([sys.executable, "-c", TRYING, str(root), log], 5, check, reset)
