"""Whole files: a failed or killed write leaves what was there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from disks import full_beyond
from onefloor.writing import replacing, write_whole

KILLED = """
import sys, time
from pathlib import Path
from onefloor.writing import replacing
with replacing(Path(sys.argv[1])) as pending:
    pending.write_text("half")
    print("written", flush=True)
    time.sleep(60)
"""


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in ("one\n", "长\r\n", b"\xff"):
        write_whole(path, content)
        assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_the_file_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_whole(path, "before")
    with full_beyond(1000), pytest.raises(OSError, match="large") as told:
        write_whole(path, "x" * 5000)
    assert told.value.filename == str(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_of_two_files_neither_is_written_where_one_fails(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write_whole(one, "before")

    def write() -> None:
        with replacing(one) as first, replacing(two) as second:
            first.write_text("after")
            second.write_text("x" * 5000)

    with full_beyond(1000), pytest.raises(OSError, match="large"):
        write()
    assert (one.read_text(), list(tmp_path.iterdir())) == ("before", [one])


def test_a_killed_process_leaves_the_file_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_whole(path, "before")
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    assert path.read_text() == "before"
    assert (tmp_path / "a.csv.pending").read_text() == "half"
    write_whole(path, "after")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("after", [path])


def test_permissions_links_and_what_is_no_file_stay_what_they_are(tmp_path: Path) -> None:
    path, link = tmp_path / "a.csv", tmp_path / "link.csv"
    write_whole(path, "before")
    path.chmod(0o600)
    link.symlink_to(path)
    write_whole(link, "after")
    assert (link.is_symlink(), path.read_text(), path.stat().st_mode & 0o777) == (True, "after", 0o600)
    write_whole(Path(os.devnull), "gone")
    assert not Path(os.devnull).is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
