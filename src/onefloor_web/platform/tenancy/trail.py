"""What every row of the audit trail carries: who, of which company, in which act, and by which page or job.

The triggers of the history tables read it from two settings of the transaction, which are bound together with the
company: nothing can be changed inside the walls without it, by bulk and raw SQL neither.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from onefloor_web.platform.tenancy.viewer import Viewer

ACT, DETAILS = "pghistory.context_id", "pghistory.context_metadata"  # the names the triggers know
_BY: ContextVar[dict[str, str | int] | None] = ContextVar("by", default=None)


@contextmanager
def by(**what: str | int) -> Iterator[None]:
    """What is changing rows, for everything bound inside: ``by(page="/imports/")``, ``by(job=17)``."""
    before = _BY.set(what)
    try:
        yield
    finally:
        _BY.reset(before)


def trail_of(viewer: Viewer) -> tuple[str, str]:
    """The act's number and its details, for one binding to a viewer."""
    who = {"user": viewer.user, "name": viewer.name, "company": viewer.company, "code": viewer.code}
    return str(uuid.uuid4()), json.dumps({**who, **(_BY.get() or {})}, ensure_ascii=False)
