"""Reads of jobs, within what the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from onefloor.language import Text
from onefloor.problems import Problem, Problems
from onefloor_web.platform.jobs import registry
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.pages.blocks import Progress, Stage
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer

REQUESTED, ALL = "requested", "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows: a state, a kind, and whether also what nobody asked for."""

    state: str = ""
    kind: str = ""
    whose: str = REQUESTED

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """From an address; what makes no sense is left out."""
        state, kind = query.get("state", ""), query.get("kind", "")
        return cls(
            state if state in State.values else "",
            kind if kind in {one.name for one in registry.kinds()} else "",
            ALL if query.get("whose") == ALL else REQUESTED,
        )


def jobs(viewer: Viewer, wanted: Wanted) -> QuerySet[Job]:
    """Jobs, the latest first."""
    rows = only_visible(viewer, "jobs.view", Job.objects.order_by("-pk"))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        return rows.filter(kind=wanted.kind)
    if wanted.whose == REQUESTED:
        background = [one.name for one in registry.kinds() if one.background]
        rows = rows.exclude(Q(kind__in=background) & ~Q(state=State.FAILED))
    return rows


def progress_of(viewer: Viewer, job: Job) -> Progress:
    """The job as the component that every page can show: ``{% progress progress %}``."""
    changeable = can(viewer, "jobs.change", job)
    problem = problem_of(job.problem)
    return Progress(
        id=str(job.pk),
        title=title(job),
        stage=Stage(job.state),
        url=reverse("job_progress", args=[job.pk]),
        done=job.done,
        total=job.total,
        unit=note(job),
        cancel_url=reverse("job_cancellation", args=[job.pk]) if changeable and not job.cancel_asked_at else "",
        retry_url=reverse("job_attempts", args=[job.pk]) if changeable else "",
        result_url=job.page,
        result=job.subject or str(registry.label(job.kind)),
        why=say(problem.what) if problem else "",
    )


def title(job: Job) -> str:
    """What it is and what it is about."""
    label = str(registry.label(job.kind))
    return f"{label} · {job.subject}" if job.subject else label


def note(job: Job) -> str:
    """What a running job says it is doing."""
    return say(_text(job.note)) if job.note and job.moving else ""


def earlier(job: Job) -> list[tuple[datetime, Problem]]:
    """Why earlier attempts failed, the oldest first."""
    told = [(datetime.fromisoformat(one["at"]), problem_of(one)) for one in job.earlier]
    return [(at, problem) for at, problem in told if problem]


def problem_of(told: Mapping[str, Any] | None) -> Problem | None:
    """A problem as it was written down."""
    if not told:
        return None
    if several := told.get("problems"):
        return Problems([one for one in map(problem_of, several) if one])
    return Problem(
        _text(told["what"]), why=_text(told["why"]) if told.get("why") else None, remedy=_text(told["remedy"])
    )


def _text(told: Mapping[str, str]) -> Text:
    return Text(told["zh"], told["en"])
