"""Who serves a floor, and at which address: one process a floor, one a port."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from onefloor.language import Text, same
from onefloor.problems import Problem
from onefloor_web.serving.state import State

EVERYWHERE = ("0.0.0.0", "::", "")
LAST_PORT = 65535
WAITING = 128  # connections that may wait to be accepted


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def reachable(self) -> str:
        """A name by which this machine reaches it."""
        return "127.0.0.1" if self.host in EVERYWHERE else self.host

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        host = f"[{self.reachable}]" if ":" in self.reachable else self.reachable
        return f"http://{host}:{self.port}/"

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


class AlreadyServed(Problem):
    """Another process serves the floor."""

    def __init__(self, url: str | None, pid: int | None) -> None:
        at = Text(f"，地址 {url}", f" at {url}") if url else same("")
        stop = f"kill {pid}" if pid else "Ctrl-C"
        super().__init__(
            Text(f"该现场已经在运行{at.zh}。", f"This floor is being served already{at.en}."),
            remedy=Text(
                f"请直接打开该地址；要重新启动，先停止它：{stop}。",
                f"Open that address; to start it anew, stop it first: {stop}.",
            ),
        )


class CannotListen(Problem):
    """The port is taken, or the address is not this machine's."""

    def __init__(self, address: Address, error: OSError) -> None:
        taken = error.errno == errno.EADDRINUSE
        name = f"{address.host}:{address.port}"
        other = address.port + 1 if address.port < LAST_PORT else 8000
        super().__init__(
            Text(f"{name} 已被其他程序占用。", f"{name} is taken by another program.")
            if taken
            else Text(f"无法在 {name} 上监听：{error.strerror}。", f"Cannot listen on {name}: {error.strerror}."),
            remedy=Text(
                f"请用 --port 换一个端口，例如 --port {other}。",
                f"Choose another port with --port, for example --port {other}.",
            )
            if taken
            else Text("请检查 --host 和 --port。", "Check --host and --port."),
        )


@contextmanager
def serving_alone(state: State, address: Address) -> Iterator[None]:
    """Be the one process that serves the floor; the system gives the place free when the process ends, however it does.

    Raises:
        AlreadyServed: another does; says where.
    """
    with (state.run / "serving").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already(state) from None
        file.truncate(0)
        file.write(json.dumps({"url": address.url, "pid": os.getpid()}))
        file.flush()
        yield


@contextmanager
def listening(address: Address) -> Iterator[int]:
    """An open socket for the web server: who connects before it is up waits instead of being refused.

    Raises:
        CannotListen: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not a port that another process listens on
        try:
            opened.bind((address.host, address.port))
            opened.listen(WAITING)
        except (OSError, OverflowError) as error:
            raise CannotListen(address, error if isinstance(error, OSError) else OSError(0, str(error))) from None
        yield opened.fileno()


def _already(state: State) -> AlreadyServed:
    try:
        held = json.loads((state.run / "serving").read_text(encoding="utf-8"))
    except ValueError:  # it has only just started
        held = {}
    return AlreadyServed(held.get("url"), held.get("pid"))
