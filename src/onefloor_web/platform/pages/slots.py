"""Places in the frame that other parts fill: a part that is not installed leaves them empty.

    slots.fill("bell", bell)        # in the ready() of the part's AppConfig; bell(request) gives safe HTML or ""

``bell``: the notifications of the viewer, in the bar. ``freshness``: until when the facts reach, above the page.
``search``: the address of the page of hits; below it, ``suggestions/`` answers while somebody types. ``footer``:
versions of what is shown, below the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

Filler = Callable[[HttpRequest], SafeString | str]
NAMES = ("bell", "freshness", "search", "footer")
_FILLERS: dict[str, Filler] = {}


def fill(name: str, filler: Filler) -> None:
    """Let a function fill a place; each place has one."""
    if name not in NAMES:
        raise LookupError(f"no slot {name!r}; there are {', '.join(NAMES)}")
    _FILLERS[name] = filler


def filled(name: str, request: HttpRequest) -> SafeString | str:
    """What stands in a place for this request; nothing where nobody is signed in."""
    filler = _FILLERS.get(name)
    return filler(request) if filler and getattr(request, "viewer", None) else ""
