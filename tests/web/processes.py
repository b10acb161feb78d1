"""Real processes for tests: a site as ``onefloor serve`` starts it, and what is left of it afterwards."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 180.0  # other processes share the machine


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something holds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def onefloor(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "onefloor", *map(str, arguments)]
    return subprocess.run(command, env=surroundings(**settings), capture_output=True, text=True, timeout=PATIENCE)


def surroundings(**settings: str) -> dict[str, str]:
    """The environment without what the tests' own Django was told."""
    told = ("DJANGO_", "DATABASE_", "ONEFLOOR_")
    return {name: value for name, value in os.environ.items() if not name.startswith(told)} | settings


@dataclass
class Site:
    """A site that runs as a process of its own."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/"

    def said(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str = "/health/", patience: float = 30, **headers: str) -> int | None:
        """The status of a page; None if there was no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def children(self, name: str) -> list[int]:
        """Processes whose parent is the supervisor and whose command has a word in it."""
        return [pid for pid in descendants(self.process.pid, direct=True) if name in command_of(pid)]

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does, and wait."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def copied(floor: Path, to: Path) -> Path:
    """A floor that nobody serves, with its database, in another place; a server's folder likewise.

    The database belongs to another user when root runs it.
    """
    shutil.copytree(floor, to, symlinks=True)
    for path in [floor, *floor.rglob("*")]:
        held = path.lstat()
        os.chown(to / path.relative_to(floor), held.st_uid, held.st_gid, follow_symlinks=False)
    return to


def serving(floor: Path, *arguments: object, **settings: str) -> contextlib.AbstractContextManager[Site]:
    """A floor that is served, up and well."""
    log = floor.parent / f"{floor.name}-{free_port()}.out"
    return running(log, "serve", floor, "--processes", 1, *arguments, **settings)


@contextlib.contextmanager
def running(log: Path, *command: object, **settings: str) -> Iterator[Site]:
    """A command that serves a site, up and well; nothing of it is left after the block."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "onefloor", *map(str, command), "--port", str(port)],
            env=surroundings(**settings),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    site = Site(port, process, log)
    try:
        until(lambda: "Running" in site.said() or process.poll() is not None)
        assert process.poll() is None, site.said()
        yield site
    finally:
        known = {process.pid, *descendants(process.pid)}
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)
        until(lambda: not any(map(alive, known)))


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    return _state(pid) not in (None, "Z", "X")


def descendants(pid: int, *, direct: bool = False) -> set[int]:
    """The children of a process, and their children unless only the direct ones are asked for."""
    parents = {int(entry.name): _parent(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new and alive(child)}
        found |= new
        if direct:
            break
    return found


def command_of(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _state(pid: int) -> str | None:
    fields = _stat(pid)
    return fields[0] if fields else None


def _parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
