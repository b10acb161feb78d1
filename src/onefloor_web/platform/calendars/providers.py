"""What features put into calendars.

A feature writes a module ``deadlines`` and declares there what ends when:

    @deadlines
    def signatures(viewer): ...        # gives Deadline records
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from onefloor_web.platform.tenancy.viewer import Viewer

MOST = 500


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that has to be done until a moment.

    Attributes:
        key: the same for the same deadline, also after it moved: ``request-88``.
        title: what has to be done, by whom.
        at: until when.
        url: address of its page on this site, such as ``/requests/88/``.
        changed: number that grows when it moves.
    """

    key: str
    title: str
    at: datetime
    url: str
    changed: int = 0


Providing = Callable[[Viewer], Iterable[Deadline]]
_PROVIDERS: list[Providing] = []


def deadlines(provider: Providing) -> Providing:
    """Declare deadlines."""
    _PROVIDERS.append(provider)
    return provider


def deadlines_of(viewer: Viewer) -> list[Deadline]:
    """All deadlines a viewer has to do with, soonest first."""
    found = [one for provider in _PROVIDERS for one in provider(viewer)]
    return sorted(found, key=lambda one: (one.at, one.key))[:MOST]
