"""Killing a process at many moments of its work, to see that what it leaves can always be finished."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

KILLS = int(os.environ.get("ONEFLOOR_KILLS", "15"))
"""How many moments a test tries; fifty over all tests of kills. The environment variable raises it."""


def survive(command: Sequence[str], moments: int, check: Callable[[], None], reset: Callable[[], None]) -> None:
    """Run a command undisturbed, then again and again with ``kill -9`` at moments spread over its work.

    Args:
        command: prints one line when its work begins (everything before, such as imports, is not disturbed).
        moments: how many runs are killed; the k-th after (k + 1/2) / moments of the undisturbed time.
        check: finishes the work and asserts that nothing is lost and nothing counted twice.
        reset: makes the state before the first run again.
    """
    reset()
    duration = _undisturbed(command)
    check()
    for moment in range(moments):
        reset()
        _killed(command, duration * (moment + 0.5) / moments)
        check()


def _undisturbed(command: Sequence[str]) -> float:
    with _started(command) as process:
        begin = time.perf_counter()
        assert process.wait(timeout=300) == 0
    return time.perf_counter() - begin


def _killed(command: Sequence[str], after: float) -> None:
    with _started(command) as process:
        time.sleep(after)
        os.killpg(process.pid, signal.SIGKILL)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """The process, at the moment at which its work begins."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline(), "the command ended before its work began"
    return process
