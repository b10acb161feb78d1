"""One PostgreSQL for the tests of all processes and runs, its migrated template, and quick copies of that.

The server belongs to a keeper, a process of its own that ends when the last test process has: none of them can own it,
because any of them may end first. Everything is done with the application's role, as in real use.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from onefloor_web.database import migrations, roles
from onefloor_web.database.embedded import FORGETFUL, SUPERUSER, Server

FOLDER = Path(tempfile.gettempdir()) / f"onefloor-tests-{os.geteuid()}"
SETTINGS = {**FORGETFUL, "max_connections": "300", "autovacuum": "off"}
KEPT_TEMPLATES = 8
# A test that sets the clock sets that of the triggers too (``clocks``).
CLOCK = b"""
create or replace function wall_clock() returns timestamptz language sql volatile as $$
select coalesce(nullif(current_setting('tests.now', true), '')::timestamptz, clock_timestamp()) $$
"""
PATIENCE = 180  # seconds: other processes share the machine
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of the tests and how to reach it in each role."""

    name: str

    @property
    def url(self) -> str:
        """As the application."""
        return self._url(roles.APP)

    @property
    def owner_url(self) -> str:
        """As the owner of the tables."""
        return self._url(roles.OWNER)

    @property
    def superuser_url(self) -> str:
        """As nobody but a test that looks behind the policies should."""
        return self._url(SUPERUSER)

    @property
    def environment(self) -> dict[str, str]:
        """What other processes need to work with it."""
        return {**os.environ, "DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}

    def _url(self, role: str) -> str:
        return Server(FOLDER / "postgres").url(role, self.name)


@contextlib.contextmanager
def copy(of: Database | None = None) -> Iterator[Database]:
    """A database of its own, dropped afterwards: all tables and no rows but those of migrations, or another's copy.

    Nobody may be connected to the one that is copied.
    """
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    try:
        _make_copy(name, of.name if of else migrated())
    except psycopg.errors.InvalidCatalogName:  # a run with other migrations has tidied the template away
        migrated.cache_clear()
        _make_copy(name, migrated())
    try:
        yield Database(name)
    finally:
        with _superuser() as connection:
            connection.execute(f"drop database {name} with (force)".encode())


@contextlib.contextmanager
def used_by_django(url: str) -> Iterator[None]:
    """Have Django work with another database for a while."""
    from django.db import connections

    from onefloor_web.database.url import connection

    default = connections["default"]
    before = dict(default.settings_dict)
    default.close()
    default.settings_dict.update({key: value for key, value in connection(url).items() if key != "OPTIONS"})
    try:
        yield
    finally:
        default.close()
        default.settings_dict.update(before)


@cache
def migrated() -> str:
    """The name of the template with all migrations; made once for each state of them."""
    from django.conf import settings

    running()
    wanted = migrations.digest(settings.INSTALLED_APPS)
    name = f"template_{wanted}"
    with _alone():
        if name not in _databases():
            _make_template(name, settings.INSTALLED_APPS)
        _tidy(name)
    return name


@cache
def running() -> int:
    """The shared server, started if need be; it stays as long as this process, which holds the returned open file."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    if FOLDER.stat().st_uid != os.geteuid():
        raise PermissionError(f"{FOLDER} belongs to somebody else")
    users = os.open(FOLDER / "users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    server, end = Server(FOLDER / "postgres", settings=SETTINGS), time.monotonic() + PATIENCE
    keeper = 0
    while not server.ready():
        if not keeper or _ended(keeper):
            keeper = _start_keeper()
        if time.monotonic() > end:
            raise TimeoutError((FOLDER / "keeper.log").read_text(encoding="utf-8"))
        time.sleep(0.05)
    return users


def keep() -> None:
    """Run the server until nobody uses it any more."""
    server = Server(FOLDER / "postgres", settings=SETTINGS)
    users = os.open(FOLDER / "users", os.O_RDWR)
    server.start()
    while server.owned:
        time.sleep(0.5)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            server.stop()


def _make_copy(name: str, template: str) -> None:
    with _superuser() as connection:
        roles.make_database(connection, name, template=template)


def _start_keeper() -> int:
    """The process id of a keeper; it is nobody's child to wait for, as it outlives whoever started it."""
    log = str(FOLDER / "keeper.log")
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(sys.executable, [sys.executable, __file__], os.environ, file_actions=files, setsid=True)


def _ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _make_template(name: str, apps: list[str]) -> None:
    """Under another name until it is complete."""
    fresh = f"making_{os.getpid()}"
    server = Server(FOLDER / "postgres")
    with _superuser() as connection:
        connection.execute(f"drop database if exists {fresh} with (force)".encode())
    roles.make(server.url(SUPERUSER, fresh), server.url(SUPERUSER, "postgres"), fresh)
    migrations.migrate(server.url(roles.OWNER, fresh), apps, os.environ)
    with psycopg.connect(server.url(roles.OWNER, fresh)) as connection:
        connection.execute(CLOCK)
    with _superuser() as connection:
        connection.execute(f"alter database {fresh} rename to {name}".encode())


def _tidy(used: str) -> None:
    """Drop what killed runs have left, and templates of long ago."""
    for name in _databases():
        kind, _, pid = name.partition("_")
        if kind in ("copy", "making") and not Path(f"/proc/{pid.partition('_')[0]}").exists():
            _drop(name)
    old = [name for name in _databases() if name.startswith("template_") and name != used]
    for name in old[KEPT_TEMPLATES - 1 :]:
        _drop(name)


def _drop(name: str) -> None:
    with _superuser() as connection, contextlib.suppress(psycopg.errors.ObjectInUse):
        connection.execute(f"drop database {name}".encode())


def _databases() -> list[str]:
    """Names of all databases, the newest first."""
    with _superuser() as connection:
        return [str(row[0]) for row in connection.execute("select datname from pg_database order by oid desc")]


def _superuser() -> psycopg.Connection:
    return psycopg.connect(Server(FOLDER / "postgres").url(SUPERUSER, "postgres"), autocommit=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (FOLDER / "templates").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    keep()
