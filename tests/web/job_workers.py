"""Real workers for tests that need other processes: they end with the test, by their own number."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import job_kinds.jobs  # noqa: F401  so that this process knows them too
from testbed import Database

from onefloor_web.platform.jobs import within
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.worker import Pace

PATIENCE = 180.0  # other processes share the machine
SOON = 3.0  # seconds of silence after which a worker is taken for dead, where a test kills one


@contextmanager
def worker(database: Database, log: Path, patience: float = Pace.patience) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on a database, which takes another for dead after so many silent seconds.

    Those of the real one, unless a test waits for it: on a busy machine a living worker may be silent for two.
    """
    command = [sys.executable, "-m", "django", "run_jobs", "--heartbeat", "0.5", "--patience", str(patience)]
    here = str(Path(__file__).parent)
    environment = {**database.environment, "DJANGO_SETTINGS_MODULE": "job_kinds.settings", "PYTHONPATH": here}
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask it to stop, and wait until it has; returns its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)


def wait_for(job: Job, wanted: Callable[[Job], bool], log: Path | None = None) -> Job:
    """The job as soon as it is as wanted."""
    end = time.monotonic() + PATIENCE
    while True:
        with within.company(job.company_id):
            job = Job.objects.get(pk=job.pk)
        if wanted(job):
            return job
        if time.monotonic() > end:
            said = log.read_text(encoding="utf-8") if log else ""
            raise AssertionError(f"job {job.pk} is {job.state}: {job.problem}\n{said}")
        time.sleep(0.05)
