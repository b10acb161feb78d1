"""Kinds of jobs that only tests have."""

from __future__ import annotations

import time
from typing import Any

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.companies.models import Site
from onefloor_web.platform.jobs.registry import NOTHING_DONE, Progress, job
from onefloor_web.platform.tenancy.viewer import Viewer

TOO_LONG = 600


class Refused(Problem):
    """What a job says that refuses its input."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"“{text}”不能导入。", f'"{text}" cannot be loaded.'), remedy=Text("换一个。", "Take another.")
        )


@job("tests.write", label="Write")
def write(viewer: Viewer, progress: Progress, *, text: str, steps: int = 1, pause: float = 0.0) -> dict[str, Any]:
    """Make a site in so many steps; its name says what was written."""
    Site.objects.create(company_id=viewer.company, name=text)
    for step in range(steps):
        progress(step, steps, Text("正在写入", "writing"))
        time.sleep(pause)
    return {"written": text}


@job("tests.write_alone", label="Write alone", alone=True)
def write_alone(viewer: Viewer, progress: Progress, **params: Any) -> dict[str, Any]:
    """As ``write``, one at a time."""
    return write(viewer, progress, **params)


@job("tests.write_once", label="Write once", interrupted=NOTHING_DONE)
def write_once(viewer: Viewer, progress: Progress, **params: Any) -> dict[str, Any]:
    """As ``write``; when its worker dies a person decides."""
    return write(viewer, progress, **params)


@job("tests.deaf", label="Deaf")
def deaf(viewer: Viewer, progress: Progress, *, text: str) -> None:
    """Never tells how far it is, for longer than any test waits."""
    Site.objects.create(company_id=viewer.company, name=text)
    time.sleep(TOO_LONG)


@job("tests.refuse", label="Refuse")
def refuse(viewer: Viewer, progress: Progress, *, text: str) -> None:
    """Write, and then find a problem."""
    Site.objects.create(company_id=viewer.company, name=text)
    raise Refused(text)


@job("tests.fail", label="Fail")
def fail(viewer: Viewer, progress: Progress, *, text: str) -> None:
    """Write, and then fail as programs fail."""
    Site.objects.create(company_id=viewer.company, name=text)
    raise ZeroDivisionError
