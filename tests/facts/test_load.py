"""Loading files: one load a file, the same bytes change nothing, and ``kill -9`` at any moment loses nothing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import polars as pl
import pytest

from kills import KILLS, survive
from onefloor.facts.files import Progress
from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.facts.store import Account, Load, data_version, scan
from onefloor.floor import Floor, create_floor, open_floor
from onefloor.problems import MissingFile

LOADING = """
import sys
from pathlib import Path
from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.floor import open_floor
floor = open_floor(Path(sys.argv[1]))
print("begun", flush=True)
load_files(floor, asterisk.SOURCE, asterisk.read, [Path(path) for path in sys.argv[2:]])
"""


def ignoring(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
    """A reader that ignores every line."""
    account.lines = account.ignored = len(path.read_bytes().splitlines())


def test_each_file_is_a_load_and_the_same_bytes_are_known_whatever_their_name(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    for name, text in (("a", "1\n2\n"), ("b", "3\n"), ("c", "1\n2\n")):
        (tmp_path / name).write_text(text)
    account = load_files(floor, "test", ignoring, [tmp_path / name for name in "abc"])
    assert (account.lines, account.ignored, account.duplicates) == (5, 3, 2)
    assert scan(floor, "loads").collect().height == 2


def test_other_options_make_another_load_of_the_same_bytes(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    (tmp_path / "a").write_text("1\n")
    for options in ("", "mapping 1", "mapping 2"):
        assert load_files(floor, "test", ignoring, [tmp_path / "a"], options=options).ignored == 1
    assert load_files(floor, "test", ignoring, [tmp_path / "a"], options="mapping 1").duplicates == 1


def test_a_file_that_is_missing_is_a_problem_and_keeps_what_was_loaded_before(tmp_path: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    (tmp_path / "a").write_text("1\n")
    with pytest.raises(MissingFile):
        load_files(floor, "test", ignoring, [tmp_path / "a", tmp_path / "b"])
    assert scan(floor, "loads").collect().height == 1


@pytest.fixture
def files(examples: Path, tmp_path: Path) -> list[Path]:
    lines = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)
    paths = [tmp_path / "queue_log.1", tmp_path / "queue_log"]
    for path, part in zip(paths, (lines[:900], lines[900:]), strict=True):
        path.write_bytes(b"".join(part))
    return paths


def known(floor: Floor) -> tuple[object, ...]:
    """Everything in the facts that must be the same after a kill and another try."""
    tables = ("events", "contacts", "rings", "agent_states", "quarantine")
    rows = [scan(floor, table).collect() for table in tables]
    sums = [frame.select(pl.col(pl.Int64).sum()).row(0) for frame in rows]
    return data_version(floor), [frame.height for frame in rows], sums, scan(floor, "loads").collect().height


def test_kill_9_at_any_moment_of_a_load_loses_nothing_and_counts_nothing_twice(
    files: list[Path], tmp_path: Path
) -> None:
    empty, root = tmp_path / "empty", tmp_path / "floor"
    create_floor(empty, timezone="Asia/Shanghai")
    undisturbed: list[tuple[object, ...]] = []

    def reset() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(empty, root)

    def check() -> None:
        floor = open_floor(root)
        account = load_files(floor, asterisk.SOURCE, asterisk.read, files)
        assert account.lines == 1571 == account.loaded + account.duplicates
        undisturbed.append(known(floor))
        assert undisturbed[-1] == undisturbed[0]
        assert list((floor.facts / "_journal").iterdir()) == []

    survive([sys.executable, "-c", LOADING, str(root), *map(str, files)], KILLS, check, reset)
    assert len(undisturbed) == KILLS + 1
