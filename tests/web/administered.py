"""A PostgreSQL of the tests' own that is run as an administrator runs one: reached over TCP, with passwords."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from processes import free_port, onefloor

from onefloor_web.database import binaries, roles
from onefloor_web.database.embedded import SUPERUSER, Server


@dataclass(frozen=True)
class Administered:
    """A PostgreSQL as an administrator runs it."""

    server: Server
    port: int

    def psql(self, *arguments: str) -> str:
        """As the superuser."""
        program = binaries.found()[0].program("psql")
        place = ["-h", str(self.server.socket_folder()), "-U", SUPERUSER, "-d", "postgres"]
        command = [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", *place, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def prepare(self, database: str, script: Path) -> None:
        """Run the script, twice: again changes nothing."""
        script.write_text(onefloor("database-roles", "--database", database).stdout, encoding="utf-8")
        for _ in range(2):
            self.psql("-f", str(script))

    def addresses(self, database: str = roles.DATABASE) -> dict[str, str]:
        """What the environment says of it."""
        named = {"DATABASE_URL": roles.APP, "DATABASE_OWNER_URL": roles.OWNER, "DATABASE_BACKUP_URL": roles.BACKUP}
        return {
            name: f"postgresql://{role}:word%20of%20{role}@127.0.0.1:{self.port}/{database}"
            for name, role in named.items()
        }

    def superuser(self, database: str = roles.DATABASE) -> str:
        """The way of a test that looks behind the policies."""
        return self.server.url(SUPERUSER, database)


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Administered]:
    """A server prepared by the script that ``onefloor database-roles`` prints; one in ``server`` is taken as it is."""
    port = free_port()
    server = Server(folder / "server", settings={"listen_addresses": "127.0.0.1", "port": str(port)})
    with pytest.MonkeyPatch.context() as patched, _stopped_at_the_end(server):
        patched.setenv("PGPORT", str(port))  # for the socket, which is this test's own way in
        server.start()
        rules = server.data / "pg_hba.conf"
        rules.write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii")
        made = Administered(server, port)
        made.psql("-c", "select pg_reload_conf()")
        made.prepare(roles.DATABASE, folder / "roles.sql")
        for role in (roles.OWNER, roles.APP, roles.BACKUP):
            made.psql("-c", f"alter role {role} password 'word of {role}'")
        yield made


@contextlib.contextmanager
def _stopped_at_the_end(server: Server) -> Iterator[None]:
    try:
        yield
    finally:
        server.stop()
