"""Running jobs without a worker, inside the transaction of a test."""

from __future__ import annotations

from threading import Event

import job_kinds.jobs  # noqa: F401  so that they are declared

from onefloor.language import Text
from onefloor_web.platform.jobs import running, within
from onefloor_web.platform.jobs.models import Job, State


class InMemory:
    """Reports of a job that runs inside the transaction of a test, where no other connection sees its row."""

    def __init__(self, answers: list[bool | None] | None = None) -> None:
        self.reports: list[tuple[int, int | None, Text | None]] = []
        self.answers = answers or []

    def report(self, done: int, total: int | None, note: Text | None) -> bool | None:
        """Keep it; answer as told, or that the job goes on."""
        self.reports.append((done, total, note))
        return self.answers.pop(0) if self.answers else False


def run_waiting(company: int, channel: InMemory | None = None, stopping: Event | None = None) -> None:
    """Run the jobs of a company that wait, and those they ask for, as a worker would; inside a test's transaction."""
    while True:
        with within.company(company):
            waiting = Job.objects.filter(state=State.WAITING, not_before=None).order_by("pk").first()
        begun = running.begin(company, waiting.pk) if waiting else None
        if begun is None:
            return
        running.attempt(*begun, channel or InMemory(), stopping or Event())
