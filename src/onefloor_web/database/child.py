"""A child process that ends when the process that started it ends, however that happens.

Linux tells a process when its parent is gone. The wish for that signal belongs to the *thread* that started the child,
and it is forgotten when the child changes its user: a few lines do both in the right order and then become the program.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

# The modules are read before the user changes: the new one may not be able to read them.
# Arguments: the parent's id, the signal, user and group (-1: as they are), then the program and its arguments.
_BECOME = """
import ctypes, os, signal, sys
parent, ending, user, group = map(int, sys.argv[1:5])
signal.pthread_sigmask(signal.SIG_SETMASK, [])
for one in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
    signal.signal(one, signal.SIG_DFL)
if user >= 0:
    os.setgroups([]); os.setgid(group); os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, ending)
    if os.getppid() != parent:
        sys.exit("the parent has ended")
os.execv(sys.argv[5], sys.argv[5:])
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system."""

    user: int
    group: int


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    ending: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    output: IO[bytes] | int | None = None,
    errors: IO[bytes] | int | None = subprocess.STDOUT,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C in a terminal reaches only its parent.

    Args:
        command: the full path of the program and its arguments.
        ending: the signal it gets when this process ends.
        account: who runs it; only root can choose.
        environment: its environment; this process's if left out.
        keep: open files it inherits.
        output: where its output goes; this process's if left out.
        errors: where its errors go; to the same place if left out.

    Raises:
        RuntimeError: called from another thread than the main one: the child would end with that thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a child must be started by the main thread: it ends with the thread that started it")
    who = account or Account(-1, -1)
    become = [sys.executable, "-I", "-S", "-c", _BECOME, os.getpid(), int(ending), who.user, who.group]
    return subprocess.Popen(
        [*map(str, become), *(os.fspath(part) for part in command)],
        cwd="/",
        env=environment,
        pass_fds=keep,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors if output is not None else None,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float = 30.0) -> None:
    """End a child: each signal in turn, a while of patience after each, then without asking."""
    for one in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(one)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
