"""What gunicorn reads as its settings: what a process of the web server does before it takes requests, and after.

Uploads on their way lie in a folder of the process that takes them in: should it be killed, nothing of them stays.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from onefloor_web.serving.state import State


def on_starting(server: Any) -> None:
    """Remove what a server that was killed has left."""
    shutil.rmtree(_arriving(), ignore_errors=True)


def post_fork(server: Any, worker: Any) -> None:
    """Have this process put what it needs for a moment into a folder of its own, on the floor's disk."""
    folder = _arriving() / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


def child_exit(server: Any, worker: Any) -> None:
    """Remove the folder of a process that has ended, however it did."""
    shutil.rmtree(_arriving() / str(worker.pid), ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Load what the first page needs: nobody should wait for it who only happens to come first."""
    from django.template.loader import get_template
    from django.urls import reverse
    from django.utils import translation

    from onefloor_web.records.floor.warming import warm

    try:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                translation.gettext("Today")
        reverse("today")
        for template in ("today/today.html", "scorecards/scorecard.html", "pages/figure.html"):
            get_template(template)
        warm()
    except Exception:  # a process that could not warm up still serves; the page that fails will say why
        worker.log.exception("The process could not be warmed up.")


def _arriving() -> Path:
    return State(Path(os.environ["ONEFLOOR_FLOOR"])).run / "arriving"
