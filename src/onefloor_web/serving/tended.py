"""Children that are kept running: one that ends is started again, after a pause that grows while it keeps ending."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from onefloor.language import Text
from onefloor_web.database import child
from onefloor_web.serving.state import State

Say = Callable[[Text], None]
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 60.0  # seconds after which an end is no longer counted as one more of a row


@dataclass(slots=True)
class Tended:
    """One program that should always run, and how it went so far."""

    name: str
    title: Text
    command: Sequence[str]
    environment: Mapping[str, str]
    state: State
    keep: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    resting: float = field(default=0.0)

    def start(self) -> None:
        """Start it."""
        with self.state.log(self.name) as log:
            self.process = child.start(self.command, environment=self.environment, keep=self.keep, output=log)
        self.started = time.monotonic()

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def tend(self, say: Say) -> None:
        """Start it again if it has ended and has rested."""
        if self.process is not None and not self.running:
            self._note_end(say)
        if self.process is None and time.monotonic() >= self.resting:
            self.start()

    def ask_to_end(self) -> None:
        """Ask it to finish what it is doing and end."""
        if self.process is not None and self.running:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it without asking."""
        if self.process is not None:
            child.stop(self.process)

    def _note_end(self, say: Say) -> None:
        assert self.process is not None
        lived, code = time.monotonic() - self.started, self.process.returncode
        self.failures = self.failures + 1 if lived < STEADY else 1
        pause = min(SHORTEST_PAUSE * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self.resting, self.process = time.monotonic() + pause, None
        log = self.state.run / f"{self.name}.log"
        say(
            Text(
                f"{self.title.zh}意外结束（{code}），{pause:g} 秒后重新启动；日志：{log}",
                f"{self.title.en} ended unexpectedly ({code}); starting it again in {pause:g} s. Log: {log}",
            )
        )
