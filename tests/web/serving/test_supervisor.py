"""``onefloor serve`` with real processes: whatever is killed, nothing is lost and nothing is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from processes import alive, command_of, descendants, free_port, onefloor, serving, until

from onefloor_web.database import roles
from onefloor_web.database.embedded import SUPERUSER, Server

pytestmark = pytest.mark.processes


def owner(floor: Path, role: str = roles.OWNER) -> psycopg.Connection:
    server = Server(floor / "web" / "postgres")
    return psycopg.connect(server.url(role, roles.DATABASE), autocommit=True)


def count(floor: Path) -> int:
    with owner(floor) as connection:
        row = connection.execute("select count(*) from kept").fetchone()
        assert row is not None
        return int(row[0])


def applications(connection: psycopg.Connection, which: str) -> int:
    """How many of the application's sessions are in some state."""
    query = f"select count(*) from pg_stat_activity where usename = '{roles.APP}' and {which}"
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_ctrl_c_ends_everything_and_the_next_start_has_the_data_and_tells_systemd(floor: Path, tmp_path: Path) -> None:
    with serving(floor) as site:
        with owner(floor) as connection:
            connection.execute("create table kept as select 7 as n")
        started = descendants(site.process.pid)
        assert site.stop() == 0
        assert [pid for pid in started if alive(pid)] == []
        assert not Server(floor / "web" / "postgres").alive()
    with systemd(tmp_path) as told, serving(floor, NOTIFY_SOCKET=told.getsockname()) as site:
        assert told.recv(100) == b"READY=1"
        assert (site.get(), count(floor)) == (200, 1)


@contextmanager
def systemd(folder: Path) -> Iterator[socket.socket]:
    """Where systemd listens to what a unit tells it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(folder / "notify"))
        yield listening


def test_a_second_start_names_the_address_of_the_first(floor: Path) -> None:
    with serving(floor) as site:
        second = onefloor("serve", floor, "--port", free_port())
        assert (second.returncode, second.stdout) == (3, "")
        assert second.stderr == (
            f"This floor is being served already at {site.url}.\n"
            f"  remedy: Open that address; to start it anew, stop it first: kill {site.process.pid}.\n"
        )


def test_a_port_that_is_taken_is_named_before_anything_is_started(floor: Path, tmp_path: Path) -> None:
    with serving(floor) as site:
        other = tmp_path / "other"
        onefloor("init", other, "--timezone", "Asia/Shanghai")
        second = onefloor("serve", other, "--port", site.port)
        assert second.returncode == 3
        assert second.stderr.splitlines()[0] == f"127.0.0.1:{site.port} is taken by another program."
        assert not (other / "web" / "postgres").exists()


def test_a_floor_is_served_again_after_its_supervisor_was_killed_and_no_process_is_left(floor: Path) -> None:
    with serving(floor) as site:
        with owner(floor) as connection:
            connection.execute("create table kept as select 7 as n")
        started = descendants(site.process.pid)
        assert {"gunicorn", "run_jobs", "postgres"} <= {
            name for pid in started for name in ("gunicorn", "run_jobs", "postgres") if name in command_of(pid)
        }
        site.process.kill()
        site.process.wait()
        until(lambda: not any(map(alive, started)))
    with serving(floor) as site:
        assert (site.get(), count(floor)) == (200, 1)


@pytest.mark.parametrize("name", ["run_jobs", "gunicorn"])
def test_a_program_that_is_killed_is_started_again(floor: Path, name: str) -> None:
    with serving(floor) as site:
        until(lambda: site.children(name))
        (first,) = site.children(name)
        os.kill(first, signal.SIGKILL)
        until(lambda: site.children(name) not in ([], [first]))
        until(lambda: site.get() == 200)
        assert "ended unexpectedly (-9)" in site.said()


def test_a_web_process_that_is_killed_in_the_middle_of_a_request_leaves_nothing_of_it(floor: Path) -> None:
    with serving(floor) as site, owner(floor, SUPERUSER) as lock:  # who sees what others wait for
        (web,) = site.children("gunicorn")
        (first,) = descendants(web, direct=True)
        answers: list[int | None] = []
        asking = threading.Thread(target=lambda: answers.append(site.get("/today/", Cookie="session=" + "a" * 32)))
        with lock.transaction():
            lock.execute("lock table django_session in access exclusive mode")  # the request waits in its transaction
            asking.start()
            waiting = (
                "select count(*) from pg_stat_activity where usename = 'onefloor_app' and wait_event_type = 'Lock'"
            )
            until(lambda: lock.execute(waiting.encode()).fetchone() == (1,))
            os.kill(first, signal.SIGKILL)
            asking.join()
        assert answers == [None]
        until(lambda: descendants(web, direct=True) - {first})
        assert site.get("/today/") == 302
        open_transactions = (
            "select count(*) from pg_stat_activity where usename = 'onefloor_app' and xact_start is not null"
        )
        until(lambda: lock.execute(open_transactions.encode()).fetchone() == (0,))


def test_requests_wait_while_postgresql_is_killed_and_recovers_and_none_fails_otherwise(floor: Path) -> None:
    with serving(floor) as site:
        with owner(floor) as connection:
            connection.execute("create table kept as select n from generate_series(1, 1000) n")
        answers: list[int | None] = []
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                answers.append(site.get())

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for one in askers:
            one.start()
        try:
            until(lambda: len(answers) > 20)
            (server,) = site.children("postgres")
            os.kill(server, signal.SIGKILL)
            until(lambda: site.children("postgres") not in ([], [server]))
            before = len(answers)
            until(lambda: len(answers) > before + 40)
        finally:
            stop.set()
            for one in askers:
                one.join()
        assert set(answers) <= {200, 503}
        assert set(answers[-8:]) == {200}
        assert count(floor) == 1000


def test_a_guest_takes_over_when_the_owner_of_the_database_ends(floor: Path) -> None:
    # A command has the server open first; the site is its guest until the command ends.
    program = "import sys; from pathlib import Path; from onefloor_web.database.embedded import Server\n"
    program += "s = Server(Path(sys.argv[1])); s.start(); print('up', flush=True); sys.stdin.read(); s.stop()"
    command = [os.sys.executable, "-c", program, str(floor / "web" / "postgres")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owning:
        assert owning.stdout is not None
        assert owning.stdout.readline() == b"up\n"
        with serving(floor) as site:
            assert site.children("postgres") == []
            owning.communicate()
            until(lambda: site.children("postgres"))
            until(lambda: site.get() == 200)


def test_a_role_that_can_bypass_the_policies_is_refused(floor: Path) -> None:
    with serving(floor):
        server = Server(floor / "web" / "postgres")
        other = floor.parent / "other"
        onefloor("init", other, "--timezone", "Asia/Shanghai")
        started = onefloor(
            "serve",
            other,
            "--port",
            free_port(),
            DATABASE_URL=server.url(SUPERUSER, roles.DATABASE),
            DATABASE_OWNER_URL=server.url(roles.OWNER, roles.DATABASE),
        )
        assert started.returncode == 3
        assert started.stderr.startswith('The database role "postgres" can look past the separation of companies')
